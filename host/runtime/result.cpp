#include "result.hpp"

#include "base/json.hpp"
#include "fallback/policy.hpp"

namespace belay::runtime {
namespace {

using fallback::Outcome;

/// What the attempt or the skip that decided says, with who said it.
std::string evidence(const fallback::Trace& trace) {
  for (auto attempt = trace.attempts.rbegin(); attempt != trace.attempts.rend(); ++attempt) {
    if (attempt->reason != trace.reason) continue;
    std::string text = attempt->provider + (attempt->model.empty() ? "" : "/" + attempt->model);
    if (!attempt->message.empty()) text += " said: " + attempt->message;
    if (!attempt->refresh_message.empty()) text += "; its login: " + attempt->refresh_message;
    return text;
  }
  if (!trace.skipped.empty()) return trace.skipped.front().target + ": " + trace.skipped.front().why;
  return {};
}

/// OpenAI's word for the kind of error.
std::string_view type_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::refused: return "invalid_request_error";
    case Outcome::deadline: return "timeout_error";
    case Outcome::cancelled: return "cancelled";
    default: return "upstream_error";
  }
}

}  // namespace

std::string sentence(const fallback::Trace& trace) {
  const std::string reason(trace.reason ? to_string(*trace.reason) : "failed");
  const std::string told = evidence(trace);
  const std::string tail = told.empty() ? "" : ": " + told;
  switch (trace.outcome) {
    case Outcome::ok: return {};
    case Outcome::deadline: return "the deadline passed after " + format_duration(Millis(trace.duration_ms)) + " without a whole answer";
    case Outcome::cancelled: return "the call was cancelled";
    case Outcome::refused: return "the request was refused (" + reason + ")" + tail;
    case Outcome::failed: break;
  }
  std::string out = trace.attempts.empty() ? "no target could be asked (" : "no target answered (";
  out += reason + ")" + tail;
  if (trace.retry_after_ms) out += "; a retry can work in " + format_duration(Millis(*trace.retry_after_ms));
  return out;
}

CallResult refused_before_planning(std::string id, std::string route, fallback::Reason reason, std::string why) {
  CallResult result;
  result.trace.id = std::move(id);
  result.trace.route = std::move(route);
  result.trace.outcome = Outcome::refused;
  result.trace.reason = reason;
  result.error = std::move(why);
  return result;
}

std::string error_body(const CallResult& result) {
  json::Buffer buffer;
  json::Writer to(buffer);
  const auto text = [&to](std::string_view name, std::string_view value) {
    json::key(to, name);
    json::str(to, value);
  };
  to.StartObject();
  json::key(to, "error");
  to.StartObject();
  text("message", result.error);
  text("type", type_of(result.trace.outcome));
  json::key(to, "param");
  to.Null();
  text("code", result.trace.reason ? to_string(*result.trace.reason) : "failed");
  json::key(to, "trace");
  fallback::write(to, result.trace);
  to.EndObject();
  to.EndObject();
  return std::string(json::view(buffer));
}

std::string policy_tables() { return fallback::policy_markdown(); }

}  // namespace belay::runtime
