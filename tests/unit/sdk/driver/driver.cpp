#include "driver.hpp"

#include <dlfcn.h>

#include <cstring>
#include <ostream>
#include <stdexcept>

#include "belay/ext/json.h"
#include "belay/ext/transport.h"
#include "members.hpp"

namespace belay::driver {

namespace {

std::string text_of(belay_str text) { return text.len == 0 ? std::string() : std::string(text.ptr, text.len); }
belay_str str(std::string_view text) { return {text.data(), text.size()}; }

/// A copy of exactly its size on the heap, so that a read beyond it is found; overwritten before it is freed.
class Lent {
 public:
  explicit Lent(std::string_view text) : bytes_(new char[text.size()]), size_(text.size()) {
    if (size_ != 0) std::memcpy(bytes_.get(), text.data(), size_);
  }
  Lent(Lent&&) noexcept = default;
  ~Lent() {
    if (bytes_ && size_ != 0) std::memset(bytes_.get(), 0xDD, size_);
  }
  [[nodiscard]] belay_str text() const { return {bytes_.get(), size_}; }
  [[nodiscard]] belay_bytes bytes() const { return {reinterpret_cast<const std::uint8_t*>(bytes_.get()), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

/// Fields with a stride that is larger than the struct, as a later host would have.
class LentFields {
 public:
  explicit LentFields(const Pairs& pairs) {
    for (const auto& [name, value] : pairs) {
      texts_.emplace_back(name);
      texts_.emplace_back(value);
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      Wide field{};
      field.known.name = texts_[2 * i].text();
      field.known.value = texts_[2 * i + 1].text();
      field.known.flags = pairs[i].first == "secret" ? BELAY_SECRET : 0;
      fields_.push_back(field);
    }
  }
  [[nodiscard]] belay_fields raw() const {
    return {fields_.empty() ? nullptr : &fields_.front().known, static_cast<std::uint32_t>(fields_.size()),
            sizeof(Wide)};
  }

 private:
  struct Wide {
    belay_field known;
    std::uint64_t later;
  };
  std::vector<Lent> texts_;
  std::vector<Wide> fields_;
};

class ErrorText {
 public:
  belay_error* raw() { return &error_; }
  [[nodiscard]] Answer answer(belay_status status) const { return {status, std::string(room_, error_.text.len)}; }

 private:
  char room_[256] = {};
  belay_error error_{sizeof(belay_error), 0, {room_, sizeof room_, 0}};
};

belay_status on_event(void* to, const belay_event* event) {
  auto& events = *static_cast<Events*>(to);
  if (events.seen.size() > events.stop_at) {
    ++events.after_stop;
    return BELAY_STOP;
  }
  Event seen{event->type, event->index, text_of(event->a), text_of(event->b), event->num, 0, 0, {}};
  if (event->failure != nullptr) {
    seen.failure_kind = event->failure->kind;
    seen.failure_status = event->failure->status;
    seen.failure_body = text_of({reinterpret_cast<const char*>(event->failure->body.ptr), event->failure->body.len});
  }
  if (const auto* usage = event->usage) {
    for (const auto count :
         {usage->prompt, usage->completion, usage->cached, usage->cache_write, usage->reasoning, usage->audio}) {
      seen.usage += (seen.usage.empty() ? "" : " ") + std::to_string(count);
    }
  }
  events.seen.push_back(std::move(seen));
  return events.seen.size() > events.stop_at ? BELAY_STOP : BELAY_OK;
}

belay_sink sink_of(Events& events) { return {sizeof(belay_sink), 0, &events, on_event}; }

belay_status on_line(void* to, belay_str method, belay_str url) {
  static_cast<Written*>(to)->method = text_of(method);
  static_cast<Written*>(to)->url = text_of(url);
  return BELAY_OK;
}
belay_status on_header(void* to, belay_str name, belay_str value, std::uint32_t flags) {
  static_cast<Written*>(to)->headers.emplace_back(text_of(name), text_of(value));
  if (flags & BELAY_SECRET) static_cast<Written*>(to)->secret_headers.push_back(text_of(name));
  return BELAY_OK;
}
belay_status on_body(void* to, belay_bytes piece) {
  if (piece.len != 0) static_cast<Written*>(to)->body.append(reinterpret_cast<const char*>(piece.ptr), piece.len);
  return BELAY_OK;
}
belay_status on_body_as_given(void* to) {
  static_cast<Written*>(to)->as_given = true;
  return BELAY_OK;
}

belay_status on_field(void* to, belay_str name, belay_str value, std::uint32_t flags) {
  auto& answer = *static_cast<RefreshAnswer*>(to);
  answer.fields.emplace_back(text_of(name), text_of(value));
  if (flags & BELAY_SECRET) answer.secrets.push_back(text_of(name));
  return BELAY_OK;
}

const belay_refresh refresh_table{
    sizeof(belay_refresh), 0,
    [](const belay_refresh_in* in, belay_refresh_out* out, const belay_field_sink* sink, belay_error* error) {
      return host().refresh ? host().refresh(*in, *out, *sink, error) : BELAY_ERR_INTERNAL;
    }};

const void* extension(belay_str id) {
  if (!host().has_services) return nullptr;
  if (text_of(id) == BELAY_REFRESH_ID) return &refresh_table;
  if (text_of(id) == BELAY_JSON_ID) return json_service();
  return nullptr;
}

}  // namespace

Host& host() {
  static Host only;
  return only;
}

const belay_host& host_table() {
  static const belay_host table{sizeof(belay_host),
                                BELAY_ABI_MAJOR,
                                BELAY_ABI_MINOR,
                                0,
                                str("driver"),
                                str("0"),
                                [](belay_ctx*, std::uint32_t, belay_str line) { host().log.push_back(text_of(line)); },
                                []() -> std::int64_t { return 1'000'000'000; },
                                []() -> std::int64_t { return 1'700'000'000'000; },
                                [](const belay_cancel*) -> std::int32_t { return host().cancelled ? 1 : 0; },
                                [](const belay_cancel*) -> std::int32_t { return -1; },
                                extension};
  return table;
}

std::ostream& operator<<(std::ostream& out, const Event& event) {
  out << "{type " << event.type << ", index " << event.index << ", a \"" << event.a << "\", b \"" << event.b
      << "\", num " << event.num;
  if (event.failure_kind != 0)
    out << ", failure " << event.failure_kind << "/" << event.failure_status << " \"" << event.failure_body << "\"";
  if (!event.usage.empty()) out << ", usage " << event.usage;
  return out << "}";
}

struct Exchange::State {
  const belay_provider_api* api = nullptr;
  belay_exchange* exchange = nullptr;
  Lent operation, wire, model, body, request_id;
  std::vector<belay_member> members;
  std::vector<Lent> required_texts;
  std::vector<belay_str> required;
  belay_request request{};
  Lent credential_id{std::string_view("main")};
  Lent credential_type;
  LentFields fields;
  belay_credential credential{};

  State(const Request& from, const Secret* secret)
      : operation(from.operation),
        wire(from.wire),
        model("m"),
        body(from.body),
        request_id("call-1"),
        credential_type(secret ? secret->type : std::string()),
        fields(secret ? secret->fields : Pairs()) {
    members = members_of(body.text());
    for (const auto& name : from.required) required_texts.emplace_back(name);
    for (const auto& text : required_texts) required.push_back(text.text());
    request.size = sizeof request;
    request.flags = from.stream ? BELAY_REQUEST_STREAM : 0;
    request.operation = operation.text();
    request.wire = wire.text();
    request.canonical_version = 1;
    request.member_count = static_cast<std::uint32_t>(members.size());
    request.members = members.data();
    request.member_stride = sizeof(belay_member);
    request.required_count = static_cast<std::uint32_t>(required.size());
    request.required = required.data();
    request.model = model.text();
    request.body = body.text();
    request.request_id = request_id.text();
    request.deadline_ns = 60'000'000'000;
    credential = {sizeof credential, 0, credential_id.text(), credential_type.text(), 3, 0, fields.raw()};
  }
  ~State() {
    if (exchange != nullptr) api->end(exchange);
  }
};

Exchange::Exchange(std::unique_ptr<State> state) : state_(std::move(state)) {}
Exchange::~Exchange() = default;

Answer Exchange::build(Written& out) {
  ErrorText error;
  const belay_http_writer writer{sizeof writer, 0, &out, on_line, on_header, on_body, on_body_as_given};
  return error.answer(state_->api->build_request(state_->exchange, &writer, error.raw()));
}

Answer Exchange::head(int status, const Pairs& headers, Events& events) {
  ErrorText error;
  const LentFields lent(headers);
  const belay_head head{sizeof head, status, lent.raw()};
  const belay_sink sink = sink_of(events);
  return error.answer(state_->api->on_response_head(state_->exchange, &head, &sink, error.raw()));
}

Answer Exchange::chunk(std::string_view piece, Events& events) {
  ErrorText error;
  const Lent lent(piece);
  const belay_sink sink = sink_of(events);
  return error.answer(state_->api->on_body_chunk(state_->exchange, lent.bytes(), &sink, error.raw()));
}

Answer Exchange::finish(std::uint32_t how, Events& events) {
  ErrorText error;
  const belay_sink sink = sink_of(events);
  return error.answer(state_->api->finish(state_->exchange, how, &sink, error.raw()));
}

Answer Exchange::run(Events& events) {
  ErrorText error;
  const belay_sink sink = sink_of(events);
  const auto* transport = static_cast<const belay_transport*>(state_->api->get_extension(str(BELAY_TRANSPORT_ID)));
  return error.answer(transport->run(state_->exchange, &sink, nullptr, error.raw()));
}

Instance::Instance(const belay_provider_api* api, const std::string& base_url, const std::string& options) : api_(api) {
  ErrorText error;
  const Lent name("p"), url(base_url), text(options), model("m");
  const belay_config config{sizeof config, 0, nullptr, name.text(), url.text(), text.text(), model.text()};
  created = error.answer(api_->create(&config, &instance_, error.raw()));
}

Instance::Instance(Instance&& other) noexcept
    : created(std::move(other.created)), api_(other.api_), instance_(std::exchange(other.instance_, nullptr)) {}

Instance::~Instance() {
  if (instance_ != nullptr) api_->destroy(instance_);
}

Exchange Instance::begin(const Request& request, const Secret* secret) {
  ErrorText error;
  Exchange out(std::make_unique<Exchange::State>(request, secret));
  out.state_->api = api_;
  out.started = error.answer(api_->begin(instance_, &out.state_->request, secret ? &out.state_->credential : nullptr,
                                         &out.state_->exchange, error.raw()));
  return out;
}

Verdict Instance::classify(const Failed& failed) const {
  const Lent body(failed.body), code(failed.code), type(failed.type), message(failed.message),
      parameter(failed.parameter);
  const LentFields headers(failed.headers);
  const belay_failure failure{sizeof failure, failed.kind,     failed.status, 0,
                              headers.raw(),  body.bytes(),    code.text(),   type.text(),
                              message.text(), parameter.text()};
  char message_room[512], parameter_room[64], rename_room[64];
  belay_classification out{sizeof out,
                           0,
                           0,
                           0,
                           -1,
                           -1,
                           -1,
                           {message_room, sizeof message_room, 0},
                           {parameter_room, sizeof parameter_room, 0},
                           {rename_room, sizeof rename_room, 0}};
  const belay_status status = api_->classify_error(instance_, &failure, &out);
  return {status,
          out.reason,
          out.scope,
          out.retry_after_ms,
          out.reset_unix_ms,
          out.affordable_tokens,
          std::string(message_room, out.message.len),
          std::string(parameter_room, out.parameter.len),
          std::string(rename_room, out.rename.len)};
}

RefreshAnswer Instance::refresh(std::uint32_t cause, const Secret& secret) {
  ErrorText error;
  RefreshAnswer answer;
  const LentFields fields(secret.fields);
  const Lent id("main"), type(secret.type);
  belay_refresh_in in{};
  in.size = sizeof in;
  in.cause = cause;
  in.id = id.text();
  in.type = type.text();
  in.failed_generation = 3;
  in.fields = fields.raw();
  in.deadline_ns = 60'000'000'000;
  in.attempt = 1;
  answer.out.size = sizeof answer.out;
  answer.out.retry_after_ms = -1;
  const belay_field_sink sink{sizeof sink, 0, &answer, on_field};
  answer.answer = error.answer(api_->refresh_credentials(instance_, &in, &answer.out, &sink, error.raw()));
  return answer;
}

Plugin::Plugin(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) throw std::runtime_error(dlerror());
  entry_ = reinterpret_cast<belay_plugin_entry_fn>(dlsym(library, BELAY_ENTRY_SYMBOL));
  if (entry_ == nullptr) throw std::runtime_error(dlerror());
  *this = Plugin(entry_);
}

Plugin::Plugin(belay_plugin_entry_fn entry) : entry_(entry) {
  ErrorText error;
  const belay_hello hello{sizeof hello, BELAY_ABI_MAJOR, BELAY_ABI_MINOR, 0, &host_table()};
  const Answer answer = error.answer(entry_(&hello, &plugin_, error.raw()));
  if (answer.status != BELAY_OK) throw std::runtime_error(answer.text);
}

Events play(Exchange& exchange, const Reply& reply, const std::vector<std::size_t>& sizes, std::uint32_t how) {
  Events events;
  if (exchange.head(reply.status, reply.headers, events).status < 0)
    throw std::runtime_error("on_response_head failed");
  std::size_t at = 0, piece = 0;
  while (at < reply.body.size()) {
    const std::size_t size =
        std::min(sizes.empty() ? reply.body.size() : sizes[std::min(piece, sizes.size() - 1)], reply.body.size() - at);
    if (exchange.chunk(std::string_view(reply.body).substr(at, size), events).status < 0)
      throw std::runtime_error("on_body_chunk failed");
    at += size;
    ++piece;
  }
  if (exchange.finish(how, events).status < 0) throw std::runtime_error("finish failed");
  return events;
}

}  // namespace belay::driver
