// Kept: one request that is over, copied once and shared by the traces in memory, the access log and the spans.
// Immutable.
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

using KeptPtr = std::shared_ptr<const Kept>;

KeptPtr keep(const RequestRecord& record);

}  // namespace belay::gateway::sight
