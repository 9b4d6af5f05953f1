// The closed word lists of the fallback machine (DESIGN 4.1, 4.2). A Reason says what happened and may cross the ABI; a Verdict says what is
// done next and is the host's alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "credentials/refresh.hpp"

namespace belay::fallback {

enum class Reason : std::uint8_t {
  auth_rejected,
  credential_missing,
  quota_exhausted,
  rate_limited,
  overloaded,
  server_error,
  unreachable,
  timed_out,
  model_unavailable,
  permission_denied,
  invalid_reply,
  unsupported_parameter,
  context_too_long,
  request_too_large,
  bad_request,
  content_refused,
  plugin_fault,
  deadline_exceeded,
  cancelled,
};
inline constexpr std::size_t reason_count = 19;

enum class Verdict : std::uint8_t { done, retry_same, adjust, refresh, next_credential, next_target, give_up };

/// What a hold applies to.
enum class Scope : std::uint8_t { none, credential, credential_model, target, endpoint, plugin };

using credentials::RefreshOutcome;

enum class Outcome : std::uint8_t { ok, failed, refused, deadline, cancelled };

std::string_view to_string(Reason);
std::string_view to_string(Verdict);
std::string_view to_string(Scope);
std::string_view to_string(Outcome);
std::optional<Reason> parse_reason(std::string_view word);

}  // namespace belay::fallback
