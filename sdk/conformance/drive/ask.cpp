// The two functions that no exchange is needed for: refresh_credentials() and classify_error().
#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "drive/call.hpp"
#include "drive/play.hpp"
#include "drive/reasons.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t largest_body = 64u << 10, largest_refresh_body = 8u << 10;

belay_fields lend_fields(Loan& loan, const std::vector<CassetteField>& fields) {
  std::vector<belay_field> raw;
  for (const auto& field : fields) raw.push_back({loan.str(field.name), loan.str(field.value), field.secret ? BELAY_SECRET : 0, 0});
  return {loan.array(raw), static_cast<std::uint32_t>(raw.size()), sizeof(belay_field)};
}

belay_failure* lend_failure(Loan& loan, const SeenEvent::Failure& failure, std::size_t most) {
  belay_failure raw{};
  raw.size = sizeof raw;
  raw.kind = failure.kind;
  raw.status = failure.status;
  std::vector<CassetteField> headers;
  for (const auto& [name, value] : failure.headers) headers.push_back({name, value, false});
  raw.headers = lend_fields(loan, headers);
  raw.body = loan.bytes(std::string_view(failure.body).substr(0, most));
  raw.code = loan.str(failure.code);
  raw.type = loan.str(failure.type);
  raw.message = loan.str(failure.message);
  raw.parameter = loan.str(failure.parameter);
  return loan.object(raw);
}

/// A script of replies, one after the other; a request beyond it finds nobody.
std::function<CassetteReply(const NetworkRequest&)> script_of(const CassetteRefresh& refresh) {
  const auto next = std::make_shared<std::size_t>(0);
  const auto exchanges = std::make_shared<std::vector<RefreshExchange>>(refresh.exchanges);
  return [next, exchanges](const NetworkRequest& request) -> CassetteReply {
    if (*next == exchanges->size()) {
      the_host().breach("a refresh made a request that its cassette does not have: " + request.method + " " + request.url);
      return {};
    }
    const auto& exchange = (*exchanges)[(*next)++];
    if ((!exchange.method.empty() && exchange.method != request.method) || (!exchange.url.empty() && exchange.url != request.url))
      the_host().breach("a refresh asked " + request.method + " " + request.url + ", its cassette has " + exchange.method + " " + exchange.url);
    return exchange.reply;
  };
}

struct FieldReceiver {
  Refreshed& to;
  bool open = true;
  static belay_status emit(void* host, belay_str name, belay_str value, std::uint32_t flags) {
    const HostCode host_code;
    auto& self = *static_cast<FieldReceiver*>(host);
    if (!self.open || TestHost::where() != Where::refresh) {
      the_host().breach("it emitted a field outside of the call that got the sink, or from another thread");
      return BELAY_ERR_CONTRACT;
    }
    if (!readable(name) || !readable(value)) {
      self.to.breach = "it emitted a field with a length and no memory";
      return BELAY_ERR_CONTRACT;
    }
    self.to.emitted.push_back({std::string(view(name)), std::string(view(value)), (flags & BELAY_SECRET) != 0});
    return BELAY_OK;
  }
};

/// What this refresh changes of the host, as long as it runs.
class Scenery {
 public:
  explicit Scenery(const Cassette& cassette) : host_(the_host()), network_(host_.network), sources_(host_.sources) {
    if (!cassette.refresh) return;
    if (!host_.network) host_.network = script_of(*cassette.refresh);
    if (host_.sources.empty()) host_.sources = cassette.refresh->sources;
  }
  ~Scenery() {
    host_.network = network_;
    host_.sources = sources_;
  }
  Scenery(const Scenery&) = delete;
  Scenery& operator=(const Scenery&) = delete;

 private:
  TestHost& host_;
  std::function<CassetteReply(const NetworkRequest&)> network_;
  std::map<std::string, std::string> sources_;
};

SeenEvent::Failure what_led_here() {
  return {BELAY_FAILURE_STATUS, 401, R"({"error":{"message":"the token was refused","type":"invalid_request_error","code":"invalid_api_key"}})", {}, {}, {}, {},
          {{"content-type", "application/json"}, {"www-authenticate", "Bearer error=\"invalid_token\""}}};
}

}  // namespace

Refreshed refresh(Subject& subject, belay_instance* instance, const Cassette& cassette, const RefreshOptions& options) {
  const Scenery scenery(cassette);
  auto& host = the_host();
  Refreshed out;
  Loan loan;
  belay_refresh_in in{};
  in.size = sizeof in;
  in.cause = options.cause != 0 ? options.cause : cause_of(cassette.refresh ? cassette.refresh->cause : "rejected");
  in.deadline_ns = host.now_ns() + options.deadline_ms * 1'000'000;
  const TestHost::RefreshContext context(host, in.deadline_ns);
  in.ctx = context.get();
  in.id = loan.str(cassette.credential_id);
  in.type = loan.str(options.type.value_or(cassette.credential_type));
  in.failed_generation = cassette.refresh ? cassette.refresh->generation : 1;
  in.fields = lend_fields(loan, options.fields.empty() ? cassette.fields : options.fields);
  in.expires_unix_ms = options.expires_unix_ms.value_or(cassette.expires_unix_ms);
  if (in.cause == BELAY_CAUSE_REJECTED) in.failure = lend_failure(loan, what_led_here(), largest_refresh_body);
  in.cancel = host.cancel();
  in.attempt = options.attempt;

  FieldReceiver receiver{out};
  const auto* raw_in = loan.object(in);
  auto* raw_out = loan.object(belay_refresh_out{sizeof(belay_refresh_out), BELAY_FAILED_TRANSIENT, 0, 0, 0, 0, -1});
  const auto* sink = loan.object(belay_field_sink{sizeof(belay_field_sink), 0, &receiver, FieldReceiver::emit});
  const Called came = call_plugin("refresh_credentials", Where::refresh, 511,
                                  [&](belay_error* error) { return subject.api->refresh_credentials(instance, raw_in, raw_out, sink, error); });
  receiver.open = false;
  out.status = came.status;
  out.error = came.text;   // also with OK: why it did not work, what a person must do
  out.threw = came.threw;
  if (out.breach.empty()) out.breach = came.room_breach;
  if (raw_out->size != sizeof(belay_refresh_out)) out.breach = "it wrote over the size of belay_refresh_out";
  out.out = *raw_out;
  return out;
}

SeenEvent::Failure failure_of(const CassetteReply& reply) {
  SeenEvent::Failure out;
  out.kind = BELAY_FAILURE_STATUS;
  out.status = reply.status;
  out.body = reply.body;
  out.headers = reply.headers;
  return out;
}

Classified classify(Subject& subject, belay_instance* instance, const CassetteReply& reply) { return classify(subject, instance, failure_of(reply)); }

Classified classify(Subject& subject, belay_instance* instance, const SeenEvent::Failure& failure) { return classify(subject, instance, failure, 2048); }

Classified classify(Subject& subject, belay_instance* instance, const SeenEvent::Failure& failure, std::uint32_t room) {
  constexpr std::size_t mark_bytes = 8;
  Loan loan;
  Classified out;
  const auto* raw_failure = lend_failure(loan, failure, largest_body);
  std::array<char*, 3> rooms{loan.room(room + mark_bytes), loan.room(room + mark_bytes), loan.room(room + mark_bytes)};
  belay_classification blank{};
  blank.size = sizeof blank;
  blank.retry_after_ms = blank.reset_unix_ms = blank.affordable_tokens = -1;
  blank.message = {rooms[0], room, 0};
  blank.parameter = {rooms[1], room, 0};
  blank.rename = {rooms[2], room, 0};
  auto* raw = loan.object(blank);
  const Called came = call_plugin("classify_error", Where::any, std::nullopt,
                                  [&](belay_error*) { return subject.api->classify_error(instance, raw_failure, raw); });
  out.status = came.status;
  out.threw = came.threw;
  if (raw->size != sizeof(belay_classification)) out.breach = "it wrote over the size of belay_classification";
  const std::array<std::pair<belay_text*, std::string_view>, 3> texts{{{&raw->message, "message"}, {&raw->parameter, "parameter"}, {&raw->rename, "rename"}}};
  const std::array<std::string*, 3> to{&out.message, &out.parameter, &out.rename};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto end = rooms[i] + room;
    if (std::any_of(end, end + mark_bytes, [](char c) { return static_cast<unsigned char>(c) != Loan::poison; }))
      out.breach = "it wrote beyond the room for " + std::string(texts[i].second);
    if (const auto why = text_breach(*texts[i].first, rooms[i], room, texts[i].second); !why.empty() && out.breach.empty()) out.breach = "it " + why;
    *to[i] = std::string(rooms[i], std::min(texts[i].first->len, room));
  }
  out.reason = raw->reason;
  out.scope = raw->scope;
  out.retry_after_ms = raw->retry_after_ms;
  out.reset_unix_ms = raw->reset_unix_ms;
  out.affordable_tokens = raw->affordable_tokens;
  return out;
}

}  // namespace belay::conform
