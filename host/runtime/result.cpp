#include "result.hpp"

#include <bit>
#include <cstring>

#include "fallback/policy.hpp"
#include "wires/errors.hpp"

namespace belay::runtime {
namespace {

using fallback::Outcome;

/// What the attempt or the skip that decided says, with who said it.
std::string evidence(const fallback::Trace& trace) {
  for (auto attempt = trace.attempts.rbegin(); attempt != trace.attempts.rend(); ++attempt) {
    if (attempt->reason != trace.reason) continue;
    std::string text = attempt->provider + (attempt->model.empty() ? "" : "/" + attempt->model);
    if (!attempt->message.empty()) text += (attempt->status == 0 ? ": " : " said: ") + attempt->message;
    if (!attempt->refresh_message.empty()) text += "; its login: " + attempt->refresh_message;
    return text;
  }
  if (!trace.skipped.empty()) return trace.skipped.front().target + ": " + trace.skipped.front().why;
  return {};
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

std::string error_body(const CallResult& result) { return wires::error_body(result, wires::Wire::chat); }

std::string error_body(const CallResult& result, std::string_view wire) { return wires::error_body(result, wires::wire_of(wire).value_or(wires::Wire::chat)); }

std::vector<std::string> error_event(const CallResult& result, std::string_view wire) {
  return wires::error_events(result, wires::wire_of(wire).value_or(wires::Wire::chat));
}

std::string attempt_span(std::string_view call_span, int n) {
  std::uint64_t halves[2] = {0, 0};   // of the digits as they are: it only has to differ where they do
  std::memcpy(halves, call_span.data(), std::min(call_span.size(), sizeof halves));
  // SplitMix64's mixing: near numbers give spans that share nothing.
  std::uint64_t span = halves[0] ^ std::rotl(halves[1] * 0xff51afd7ed558ccdu, 32);
  span += static_cast<std::uint64_t>(n) * 0x9e3779b97f4a7c15u;
  span = (span ^ (span >> 30)) * 0xbf58476d1ce4e5b9u;
  span = (span ^ (span >> 27)) * 0x94d049bb133111ebu;
  span ^= span >> 31;
  if (span == 0) span = 1;
  std::string out(16, '0');
  for (std::size_t i = out.size(); i-- > 0; span >>= 4) out[i] = "0123456789abcdef"[span & 15];
  return out;
}

std::string policy_tables() { return fallback::policy_markdown(); }

}  // namespace belay::runtime
