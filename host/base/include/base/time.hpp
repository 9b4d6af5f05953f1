// Clocks and durations. Spans are measured on the steady clock; moments that other processes must understand are Unix milliseconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace belay {

using Millis = std::chrono::milliseconds;
using MonoTime = std::chrono::steady_clock::time_point;

/// Milliseconds since 1970-01-01 UTC.
using UnixMs = std::int64_t;

/// The only door to the time of day. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual MonoTime mono() const = 0;
  [[nodiscard]] virtual UnixMs unix_ms() const = 0;
};

/// The machine's own clocks; a process-wide constant.
const Clock& system_clock();

/// The only door to randomness: uniform in [0, 1). Thread-safe. Jitter only, never keys.
class Random {
 public:
  virtual ~Random() = default;
  virtual double uniform() = 0;
};

/// Seeded from the kernel; a process-wide constant.
Random& system_random();

/// "250ms", "10s", "5m", "1h", "2d"; a number without a unit is refused. nullopt when it is not a duration or overflows.
std::optional<Millis> parse_duration(std::string_view text);

/// "592 s", "10 min", "3 h": for people; rounds up so that a wait of that length is long enough.
std::string format_duration(Millis span);

/// Seconds since 1970 of an HTTP-date (RFC 9110 5.6.7, all three forms), or nullopt.
std::optional<std::int64_t> parse_http_date(std::string_view text);

/// Milliseconds since 1970 of an RFC 3339 date-time such as 2026-11-24T16:01:36.5Z or with an offset, or nullopt.
std::optional<UnixMs> parse_rfc3339(std::string_view text);

/// 2026-11-24T16:01:36Z
std::string format_rfc3339(UnixMs moment);

}  // namespace belay
