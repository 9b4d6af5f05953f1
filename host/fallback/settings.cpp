#include "fallback/settings.hpp"

namespace belay::fallback {
namespace {

ReasonSet set_of(std::initializer_list<Reason> reasons) {
  ReasonSet set;
  for (const Reason reason : reasons) set.set(static_cast<std::size_t>(reason));
  return set;
}

}  // namespace

std::optional<ReasonSet> parse_reason_group(std::string_view word) {
  using enum Reason;
  if (word == "any") return ReasonSet().set();
  if (word == "auth") return set_of({auth_rejected, credential_missing, permission_denied});
  if (word == "capacity") return set_of({quota_exhausted, rate_limited, overloaded});
  if (word == "transport") return set_of({unreachable, timed_out, server_error, invalid_reply});
  if (word == "model") return set_of({model_unavailable, context_too_long});
  if (const auto reason = parse_reason(word)) return set_of({*reason});
  return std::nullopt;
}

}  // namespace belay::fallback
