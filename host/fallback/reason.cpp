#include "fallback/reason.hpp"

namespace belay::fallback {
namespace {

constexpr std::array<std::string_view, reason_count> reasons = {
    "auth_rejected", "credential_missing", "quota_exhausted", "rate_limited",          "overloaded",       "server_error",      "unreachable",
    "timed_out",     "model_unavailable",  "permission_denied", "invalid_reply",       "unsupported_parameter", "context_too_long", "request_too_large",
    "bad_request",   "content_refused",    "plugin_fault",    "deadline_exceeded",     "cancelled"};
constexpr std::array<std::string_view, 7> verdicts = {"done", "retry_same", "adjust", "refresh", "next_credential", "next_target", "give_up"};
constexpr std::array<std::string_view, 6> scopes = {"none", "credential", "credential + model", "target", "endpoint", "plugin"};
constexpr std::array<std::string_view, 5> outcomes = {"ok", "failed", "refused", "deadline", "cancelled"};

}  // namespace

std::string_view to_string(Reason reason) { return reasons[static_cast<std::size_t>(reason)]; }
std::string_view to_string(Verdict verdict) { return verdicts[static_cast<std::size_t>(verdict)]; }
std::string_view to_string(Scope scope) { return scopes[static_cast<std::size_t>(scope)]; }
std::string_view to_string(Outcome outcome) { return outcomes[static_cast<std::size_t>(outcome)]; }

std::optional<Reason> parse_reason(std::string_view word) {
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (reasons[i] == word) return static_cast<Reason>(i);
  }
  return std::nullopt;
}

}  // namespace belay::fallback
