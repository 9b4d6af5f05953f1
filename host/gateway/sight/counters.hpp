// Counters of one worker: plain integers in slots found by a packed key of name ids. Text is made of them only when
// somebody reads /metrics. [loop thread]
#pragma once

#include <cstdint>
#include <unordered_map>

#include "front/front.hpp"
#include "histogram.hpp"
#include "names.hpp"
#include "sight/record.hpp"
#include "sight/sight.hpp"

namespace belay::gateway::sight {

/// Up to four ids of a time series in one word; 16 bits each.
struct SeriesKey {
  static constexpr std::uint64_t pack(std::uint16_t a, std::uint16_t b = 0, std::uint16_t c = 0, std::uint16_t d = 0) {
    return std::uint64_t{a} << 48 | std::uint64_t{b} << 32 | std::uint64_t{c} << 16 | d;
  }
  static constexpr std::uint16_t part(std::uint64_t key, int i) {
    return static_cast<std::uint16_t>(key >> (48 - 16 * i));
  }
};

template <typename Slot>
using Series = std::unordered_map<std::uint64_t, Slot>;

/// In place of a Reason: there was none.
inline constexpr std::uint16_t no_reason = 0xffff;

enum class TokenType : std::uint8_t { input, output, cached, cache_write, reasoning, audio };
inline constexpr std::uint16_t token_types = 6;

struct Counters {
  Series<std::uint64_t> requests;           ///< path, status, wire, key
  Series<std::uint64_t> calls;              ///< route, outcome, streamed
  Series<std::uint64_t> attempts;           ///< provider, model, reason, verdict
  Series<std::uint64_t> refreshes;          ///< provider, outcome
  Series<std::uint64_t> fallbacks;          ///< route, reason
  Series<std::uint64_t> tokens;             ///< provider, model, type
  Series<std::uint64_t> limits;             ///< limit, key or route
  Series<CallHistogram> call_durations;     ///< route
  Series<CallHistogram> first_contents;     ///< route
  Series<CallHistogram> attempt_durations;  ///< provider
  OverheadHistogram overhead;
  std::uint64_t gone = 0;  ///< requests whose client left
  std::int64_t calls_in_flight = 0, streams_open = 0;
  std::uint64_t log_dropped = 0, spans_dropped = 0;  ///< the queue of this worker was full
  FrontCounts front;                                 ///< filled in when it is read

  void count(const RequestRecord& record, const Names& names);
  void limited(Limit limit, std::string_view name, const Names& names);
  void add(const Counters& other);

 private:
  void count_call(const fallback::Trace& trace, const RequestRecord& record, const Names& names);
  void count_attempt(const fallback::Attempt& attempt, const Names& names);
  void count_tokens(const fallback::Trace& trace, const Names& names);
};

}  // namespace belay::gateway::sight
