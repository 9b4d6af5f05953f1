#include "kept.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace belay::gateway::sight {
namespace {

std::vector<Stretch> stretches(const fallback::Trace& trace, const LiveCall* live) {
  std::vector<Stretch> out;
  out.reserve(trace.attempts.size());
  StretchReader reader(live);
  for (const auto& attempt : trace.attempts) out.push_back(reader.next(attempt));
  return out;
}

}  // namespace

Stretch StretchReader::next(const fallback::Attempt& attempt) {
  Stretch stretch{end_, end_ + Millis(attempt.duration_ms)};
  if (live_ != nullptr) {
    const auto& stamped = live_->attempts();
    while (at_ < stamped.size() && stamped[at_].n < attempt.n) ++at_;
    if (at_ < stamped.size() && stamped[at_].n == attempt.n) {
      // The verdict is known when a refresh is over, which is no part of the exchange; its own length is told in whole
      // milliseconds.
      const auto from = stamped[at_].began - live_->began(), longest = from + Millis(attempt.duration_ms + 1);
      stretch = {from, stamped[at_].over ? std::min<std::chrono::nanoseconds>(stamped[at_].ended - live_->began(), longest) : longest};
    }
  }
  end_ = stretch.to;
  return stretch;
}

std::string clean(std::string_view text, std::size_t limit) {
  const auto cut = cut_utf8(text, limit);
  return valid_utf8(cut) ? std::string(cut) : replace_invalid_utf8(cut);
}

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
