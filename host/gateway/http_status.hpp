// The HTTP status of a call that was not answered (DESIGN 11).
#pragma once

#include <cstdint>
#include <optional>

#include "fallback/trace.hpp"

namespace belay::gateway {

/// 400, 404, 413 or 422 when the request was refused, 429 when every target that could be asked is rate-limited, 503 when all failed, 504 at the deadline.
int http_status(const fallback::Trace& trace);

/// Retry-After in whole seconds, rounded up, where a retry can work at a known time.
std::optional<std::int64_t> retry_after_s(const fallback::Trace& trace);

}  // namespace belay::gateway
