// Kept: one request that is over, copied once for the spans, or unpacked for a page. Immutable.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sight/live.hpp"
#include "sight/record.hpp"

namespace belay::gateway::sight {

/// When an attempt was under way, counted from the begin of its request.
struct Stretch {
  std::chrono::nanoseconds from{0}, to{0};
};

/// When the attempts of a call were under way, asked for one after the other: as it was stamped while it ran. What was not (a call
/// that was told of only at its end, `live` null) is laid end to end.
class StretchReader {
 public:
  explicit StretchReader(const LiveCall* live) : live_(live) {}
  Stretch next(const fallback::Attempt& attempt);

 private:
  const LiveCall* live_;
  std::size_t at_ = 0;
  std::chrono::nanoseconds end_{0};
};

struct Kept {
  bool call = false;
  fallback::Trace trace;           ///< `id` also of requests that became no call
  std::vector<Stretch> stretches;  ///< one for each attempt of the trace
  std::string method, path, peer, user_agent, key, wire, operation;
  UnixMs began = 0;
  int status = 0;
  bool gone = false, stream = false;
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::chrono::nanoseconds total{0}, overhead{0}, first_content{-1};
  TraceContext context;

  /// Calls, and what was refused instead of one, where they belong to a trace. Spans of probes, scrapes and pages would
  /// only be noise.
  [[nodiscard]] bool has_spans() const {
    return context.sampled && !context.trace.empty() && (call || method == "POST");
  }
};

/// Of what a client says, in bytes.
inline constexpr std::size_t path_limit = 512, user_agent_limit = 256, word_limit = 128;
/// Cut, and fit for a JSON text.
std::string clean(std::string_view text, std::size_t limit);

using KeptPtr = std::shared_ptr<const Kept>;

KeptPtr keep(const RequestRecord& record);

}  // namespace belay::gateway::sight
