#include "kept.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace belay::gateway::sight {
namespace {

constexpr std::size_t path_limit = 512, user_agent_limit = 256, word_limit = 128;

/// As it was stamped while it ran. What was not (a call that was told of only at its end) is laid end to end.
std::vector<Stretch> stretches(const fallback::Trace& trace, const LiveCall* live) {
  std::vector<Stretch> out;
  out.reserve(trace.attempts.size());
  std::size_t next = 0;
  std::chrono::nanoseconds end{0};
  for (const auto& attempt : trace.attempts) {
    Stretch stretch{end, end + Millis(attempt.duration_ms)};
    if (live != nullptr) {
      const auto& stamped = live->attempts();
      while (next < stamped.size() && stamped[next].n < attempt.n) ++next;
      if (next < stamped.size() && stamped[next].n == attempt.n) {
        // The verdict is known when a refresh is over, which is no part of the exchange; its own length is told in
        // whole milliseconds.
        const auto from = stamped[next].began - live->began(), longest = from + Millis(attempt.duration_ms + 1);
        stretch = {from, stamped[next].over
                             ? std::min<std::chrono::nanoseconds>(stamped[next].ended - live->began(), longest)
                             : longest};
      }
    }
    end = stretch.to;
    out.push_back(stretch);
  }
  return out;
}

/// Cut, and fit for a JSON text.
std::string clean(std::string_view text, std::size_t limit) {
  const auto cut = cut_utf8(text, limit);
  return valid_utf8(cut) ? std::string(cut) : replace_invalid_utf8(cut);
}

}  // namespace

KeptPtr keep(const RequestRecord& record) {
  auto kept = std::make_shared<Kept>();
  if (record.call != nullptr) {
    kept->call = true;
    kept->trace = record.call->trace;
    kept->stretches = stretches(record.call->trace, record.live);
  }
  if (kept->trace.id.empty()) kept->trace.id = record.id;
  kept->method = clean(record.method, word_limit);
  kept->path = clean(record.path, path_limit);
  kept->peer = record.peer;
  kept->user_agent = clean(record.user_agent, user_agent_limit);
  kept->key = record.key;
  kept->wire = record.wire;
  kept->operation = record.operation;
  kept->began = record.began;
  kept->status = record.status;
  kept->gone = record.gone;
  kept->stream = record.stream;
  kept->bytes_in = record.bytes_in;
  kept->bytes_out = record.bytes_out;
  kept->total = record.total;
  kept->overhead = record.overhead;
  kept->first_content = record.first_content;
  kept->context = record.context;
  return kept;
}

}  // namespace belay::gateway::sight
