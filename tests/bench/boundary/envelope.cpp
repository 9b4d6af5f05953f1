#include "envelope.hpp"

#include <array>
#include <cstdlib>
#include <cstdint>
#include <cstring>

#include "base/json.hpp"

namespace belay::bench {
namespace {

// base64 as fast as tables make it: the other side of the comparison is not to lose by a slow one.
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr auto values = [] {
  std::array<std::uint8_t, 256> out{};
  for (std::size_t i = 0; i < alphabet.size(); ++i) out[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return out;
}();

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '=');
  char* to = out.data();
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t left = bytes.size();
  for (; left >= 3; left -= 3, from += 3, to += 4) {
    const std::uint32_t three = from[0] << 16U | from[1] << 8U | from[2];
    to[0] = alphabet[three >> 18U];
    to[1] = alphabet[three >> 12U & 63U];
    to[2] = alphabet[three >> 6U & 63U];
    to[3] = alphabet[three & 63U];
  }
  if (left == 0) return out;
  const std::uint32_t rest = from[0] << 16U | (left == 2 ? from[1] << 8U : 0U);
  to[0] = alphabet[rest >> 18U];
  to[1] = alphabet[rest >> 12U & 63U];
  if (left == 2) to[2] = alphabet[rest >> 6U & 63U];
  return out;
}

std::string base64_decode(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string out(text.size() * 3 / 4, '\0');
  char* to = out.data();
  const auto value = [&](std::size_t i) { return std::uint32_t{values[static_cast<unsigned char>(text[i])]}; };
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4, to += 3) {
    const std::uint32_t three = value(i) << 18U | value(i + 1) << 12U | value(i + 2) << 6U | value(i + 3);
    to[0] = static_cast<char>(three >> 16U);
    to[1] = static_cast<char>(three >> 8U);
    to[2] = static_cast<char>(three);
  }
  if (text.size() - i >= 2) *to++ = static_cast<char>((value(i) << 18U | value(i + 1) << 12U) >> 16U);
  if (text.size() - i == 3) *to = static_cast<char>((value(i + 1) << 12U | value(i + 2) << 6U) >> 8U);
  return out;
}

constexpr std::string_view ok = R"({"ok":true,"result":{}})";

void give(std::string_view text, Buffer* out) {
  out->at = static_cast<char*>(std::malloc(text.size() + 1));
  if (out->at == nullptr) std::abort();
  std::memcpy(out->at, text.data(), text.size());
  out->at[text.size()] = '\0';
  out->size = text.size();
}

/// Parsed in place, the text being a private copy already, and without the heap.
class Read {
 public:
  explicit Read(char* text) {
    if (document_.ParseInsitu(text).HasParseError()) std::abort();
  }
  const auto& operator[](const char* name) const { return document_[name]; }

 private:
  using Pool = rapidjson::MemoryPoolAllocator<>;
  std::array<char, 4096> value_room_;
  std::array<char, 2048> stack_room_;
  Pool values_{value_room_.data(), value_room_.size()};
  Pool stack_{stack_room_.data(), stack_room_.size()};
  rapidjson::GenericDocument<rapidjson::UTF8<>, Pool, Pool> document_{&values_, 512, &stack_};
};

template <class Object>
std::string payload(const Object& object, const char* name) {
  return base64_decode(json::view(object[name]));
}

std::string envelope(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  for (const auto& [name, value] : members) {
    json::key(to, name);
    json::str(to, value);
  }
  to.EndObject();
  return std::string(json::view(buffer));
}

belay_str lent(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

EnvelopePlugin::EnvelopePlugin(const belay_provider_api& api, belay_instance* instance, Call host, void* host_side)
    : api_(api), instance_(instance), host_(host), host_side_(host_side) {}

void EnvelopePlugin::free_buffer(Buffer& buffer) { std::free(buffer.at); }

int EnvelopePlugin::call(void* side, const char* method, const char* bytes, std::size_t size, Buffer* out) {
  std::string in(bytes, size);
  give(static_cast<EnvelopePlugin*>(side)->run(method, in), out);
  return 0;
}

std::string EnvelopePlugin::run(std::string_view method, std::string& in) {
  if (method == "executor.open") return open(in);
  if (method == "executor.piece") return piece(in);
  return close();
}

/// begin() and build_request(): the request that upstream would get goes back as an envelope.
std::string EnvelopePlugin::open(std::string& in) {
  const Read asked(in.data());
  body_ = payload(asked, "body");
  secret_ = json::view(asked["secret"]);
  model_ = json::view(asked["model"]);
  field_ = {lent("secret"), lent(secret_), BELAY_SECRET, 0};
  credential_ = {sizeof credential_, 0, lent("main"), lent("api_key"), 1, 0, {&field_, 1, sizeof field_}};
  request_.size = sizeof request_;
  request_.operation = lent("chat");
  request_.model = lent(model_);
  request_.body = lent(body_);
  if (api_.begin(instance_, &request_, &credential_, &exchange_, nullptr) != BELAY_OK) std::abort();

  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  struct Out {
    json::Writer& to;
    const std::string& body;
  } sides{to, body_};
  belay_http_writer writer{};
  writer.size = sizeof writer;
  writer.host = &sides;
  writer.line = [](void* host, belay_str method, belay_str url) -> belay_status {
    auto& out = static_cast<Out*>(host)->to;
    json::key(out, "method");
    json::str(out, {method.ptr, method.len});
    json::key(out, "url");
    json::str(out, {url.ptr, url.len});
    return BELAY_OK;
  };
  writer.header = [](void* host, belay_str name, belay_str value, std::uint32_t) -> belay_status {
    auto& out = static_cast<Out*>(host)->to;
    json::key(out, {name.ptr, name.len});
    json::str(out, {value.ptr, value.len});
    return BELAY_OK;
  };
  writer.body_as_given = [](void* host) -> belay_status {
    auto& out = *static_cast<Out*>(host);
    json::key(out.to, "body");
    json::str(out.to, base64(out.body));
    return BELAY_OK;
  };
  if (api_.build_request(exchange_, &writer, nullptr) != BELAY_OK) std::abort();
  to.EndObject();
  return R"({"ok":true,"result":)" + std::string(json::view(buffer)) + "}";
}

belay_status EnvelopePlugin::emit(const belay_event& event) {
  const std::string told = envelope({{"stream_id", "stream-1"}, {"payload", base64({event.a.ptr, event.a.len})}});
  Buffer answer;
  host_(host_side_, "host.stream.emit", told.data(), told.size(), &answer);
  const bool good = Read(answer.at)["ok"].GetBool();
  free_buffer(answer);
  return good ? BELAY_OK : BELAY_STOP;
}

std::string EnvelopePlugin::piece(std::string& in) {
  const Read asked(in.data());
  const std::string bytes = payload(asked, "payload");
  const belay_sink sink{sizeof(belay_sink), 0, this, [](void* host, const belay_event* event) { return static_cast<EnvelopePlugin*>(host)->emit(*event); }};
  if (api_.on_body_chunk(exchange_, {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, &sink, nullptr) != BELAY_OK) std::abort();
  return std::string(ok);
}

std::string EnvelopePlugin::close() {
  const belay_sink sink{sizeof(belay_sink), 0, this, [](void* host, const belay_event* event) { return static_cast<EnvelopePlugin*>(host)->emit(*event); }};
  if (api_.finish(exchange_, BELAY_FINISH_COMPLETE, &sink, nullptr) != BELAY_OK) std::abort();
  api_.end(exchange_);
  return std::string(ok);
}

int EnvelopeHost::on_call(void* side, const char*, const char* bytes, std::size_t size, Buffer* out) {
  std::string in(bytes, size);
  const Read told(in.data());
  static_cast<EnvelopeHost*>(side)->text += payload(told, "payload");
  give(ok, out);
  return 0;
}

void EnvelopeHost::ask(const char* method, const std::string& asked) {
  Buffer answer;
  EnvelopePlugin::call(&plugin_, method, asked.data(), asked.size(), &answer);
  const Read told(answer.at);
  if (!told["ok"].GetBool()) std::abort();
  if (const auto body = told["result"].FindMember("body"); body != told["result"].MemberEnd() && base64_decode(json::view(body->value)).empty()) std::abort();
  EnvelopePlugin::free_buffer(answer);
}

void EnvelopeHost::open(std::string_view body, std::string_view secret) {
  ask("executor.open", envelope({{"operation", "chat"}, {"model", "m1"}, {"secret", secret}, {"body", base64(body)}}));
}
void EnvelopeHost::piece(std::string_view bytes) { ask("executor.piece", envelope({{"stream_id", "stream-1"}, {"payload", base64(bytes)}})); }
void EnvelopeHost::close() { ask("executor.close", envelope({{"stream_id", "stream-1"}})); }

}  // namespace belay::bench
