// What SightWorker is made of. [its loop thread]
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "counters.hpp"
#include "json_line.hpp"
#include "kept.hpp"
#include "kept_ring.hpp"
#include "names.hpp"
#include "recorder.hpp"
#include "sight/sight.hpp"

namespace belay::gateway {
namespace sight {

/// One call under way, copied for a page.
struct LiveView {
  std::string id, route, wire, key, peer, committed;
  bool stream = false;
  UnixMs began = 0;
  std::int64_t since_ms = 0;
  std::vector<LiveAttempt> attempts;
};

/// What a worker says to the status page.
struct WorkerView {
  FrontCounts front;
  std::int64_t calls = 0;
  std::vector<LiveView> live;  ///< the oldest ones
};

}  // namespace sight

struct SightWorker::Impl {
  Impl(std::size_t traces, sight::Recorder& recorder, std::size_t index)
      : ring(traces), recorder(recorder), index(index) {}

  void enter(LiveCall& call);
  void leave(LiveCall& call);
  /// The calls under way are on their own from now on.
  void let_go();
  [[nodiscard]] sight::Counters read() const;
  [[nodiscard]] sight::WorkerView view(std::size_t most) const;
  /// To the log and the spans, where anyone wants it there.
  void log(const RequestRecord& record);
  void tell_spans(const RequestRecord& record);

  std::shared_ptr<const sight::Names> names;
  sight::Counters counters;
  sight::KeptRing ring;
  sight::Recorder& recorder;
  std::size_t index;
  const FrontCounts* front = nullptr;
  LiveCall* oldest = nullptr;
  LiveCall* newest = nullptr;
  bool log_on = false, spans_on = false;
  sight::JsonLine line;  // of the log, being made
};

}  // namespace belay::gateway
