#include "http_status.hpp"

#include <algorithm>
#include <string_view>

namespace belay::gateway {
namespace {

using fallback::Outcome;
using fallback::Reason;

int refused(const fallback::Trace& trace) {
  if (trace.reason == Reason::request_too_large) return 413;
  if (trace.reason == Reason::model_unavailable && trace.attempts.empty()) return 404;  // no such route, provider or target
  if (!trace.attempts.empty() && trace.attempts.back().status == 422) return 422;
  return 400;
}

/// Skipped for what its owner wants, or because it has no credential: it says nothing of the load.
bool by_policy(std::string_view why) {
  constexpr std::string_view policies[] = {"allow_cost", "allow_zones", "requires", "min_context", "context", "on", "credential_missing"};
  return std::any_of(std::begin(policies), std::end(policies), [why](std::string_view word) { return why.starts_with(word); });
}

/// Every target that was not skipped by policy or for a missing credential ended rate-limited.
bool all_rate_limited(const fallback::Trace& trace) {
  bool any = false;
  for (std::size_t i = 0; i < trace.attempts.size(); ++i) {
    const auto& attempt = trace.attempts[i];
    const bool last_of_target = i + 1 == trace.attempts.size() || trace.attempts[i + 1].provider != attempt.provider || trace.attempts[i + 1].model != attempt.model;
    if (!last_of_target) continue;
    if (attempt.reason != Reason::rate_limited) return false;
    any = true;
  }
  for (const auto& skipped : trace.skipped) {
    if (by_policy(skipped.why)) continue;
    if (!skipped.why.starts_with("held: rate_limited")) return false;
    any = true;
  }
  return any;
}

}  // namespace

int http_status(const fallback::Trace& trace) {
  switch (trace.outcome) {
    case Outcome::ok: return 200;
    case Outcome::refused: return refused(trace);
    case Outcome::deadline: return 504;
    default: return all_rate_limited(trace) ? 429 : 503;
  }
}

std::optional<std::int64_t> retry_after_s(const fallback::Trace& trace) {
  if (!trace.retry_after_ms) return std::nullopt;
  return std::max<std::int64_t>(1, (*trace.retry_after_ms + 999) / 1000);
}

}  // namespace belay::gateway
