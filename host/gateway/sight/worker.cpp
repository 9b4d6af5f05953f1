#include "worker.hpp"

#include "access_line.hpp"

namespace belay::gateway {

using namespace sight;
void SightWorker::Impl::enter(LiveCall& call) {
  call.before_ = newest;
  (newest != nullptr ? newest->behind_ : oldest) = &call;
  newest = &call;
  ++counters.calls_in_flight;
}

void SightWorker::Impl::leave(LiveCall& call) {
  (call.before_ != nullptr ? call.before_->behind_ : oldest) = call.behind_;
  (call.behind_ != nullptr ? call.behind_->before_ : newest) = call.before_;
  call.before_ = call.behind_ = nullptr;
  --counters.calls_in_flight;
  if (call.streaming_) --counters.streams_open;
}

void SightWorker::Impl::let_go() {
  while (oldest != nullptr) oldest->leave();
}

Counters SightWorker::Impl::read() const {
  Counters out = counters;
  if (front != nullptr) out.front = *front;
  return out;
}

WorkerView SightWorker::Impl::view(std::size_t most) const {
  WorkerView out;
  if (front != nullptr) out.front = *front;
  out.calls = counters.calls_in_flight;
  const MonoTime now = system_clock().mono();
  for (const LiveCall* call = oldest; call != nullptr && out.live.size() < most; call = call->behind_) {
    out.live.push_back({call->id_, call->route_, call->wire_, call->key_, call->peer_, call->committed_, call->stream_,
                        call->began_, std::chrono::duration_cast<Millis>(now - call->began_mono_).count(),
                        call->attempts_});
  }
  return out;
}

void SightWorker::Impl::log(const RequestRecord& record) {
  write_access_line(line, record);
  if (!recorder.put_line(index, line.view())) ++counters.log_dropped;
}

void SightWorker::Impl::tell_spans(const RequestRecord& record) {
  KeptPtr kept = keep(record);
  if (!kept->has_spans()) return;
  const std::uint64_t spans = 1 + kept->trace.attempts.size();
  if (!recorder.put(index, std::move(kept))) counters.spans_dropped += spans;
}

SightWorker::SightWorker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SightWorker::~SightWorker() = default;

std::shared_ptr<LiveCall> SightWorker::began(const Beginning& beginning) {
  return std::make_shared<LiveCall>(*this, beginning);
}

void SightWorker::ended(const RequestRecord& record) {
  impl_->counters.count(record, *impl_->names);
  if (record.call != nullptr) impl_->ring.put(record);
  if (impl_->log_on) impl_->log(record);
  if (impl_->spans_on) impl_->tell_spans(record);
  if (record.live != nullptr) record.live->leave();
}

void SightWorker::limited(Limit limit, std::string_view name) { impl_->counters.limited(limit, name, *impl_->names); }
void SightWorker::front(const FrontCounts* counts) { impl_->front = counts; }

}  // namespace belay::gateway
