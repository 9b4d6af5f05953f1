#include "sight/live.hpp"

#include "worker.hpp"

namespace belay::gateway {

LiveCall::LiveCall(SightWorker& worker, const Beginning& beginning)
    : worker_(&worker),
      id_(beginning.id),
      route_(beginning.asked),
      wire_(beginning.wire),
      key_(beginning.key),
      peer_(beginning.peer),
      stream_(beginning.stream),
      began_(beginning.began),
      began_mono_(system_clock().mono()) {
  worker.impl().enter(*this);
}

LiveCall::~LiveCall() { leave(); }

void LiveCall::leave() {
  if (worker_ == nullptr) return;
  worker_->impl().leave(*this);
  worker_ = nullptr;
}

void LiveCall::planned(std::string_view route, bool streamed) {
  route_ = route;
  stream_ = streamed;
}

void LiveCall::attempt(const fallback::Attempt& attempt) {
  const MonoTime now = system_clock().mono();
  LiveAttempt& live = attempts_.emplace_back();
  live.n = attempt.n;
  live.provider = attempt.provider;
  live.model = attempt.model;
  live.credential = attempt.credential;
  live.began = live.ended = now;
}

void LiveCall::verdict(const fallback::Attempt& attempt) {
  for (auto live = attempts_.rbegin(); live != attempts_.rend(); ++live) {
    if (live->n != attempt.n) continue;
    live->ended = system_clock().mono();
    live->over = true;
    live->status = attempt.status;
    live->reason = attempt.reason;
    live->verdict = attempt.verdict;
    return;
  }
}

void LiveCall::committed(std::string_view provider, std::string_view model) {
  committed_ = std::string(provider) + "/" + std::string(model);
  if (worker_ == nullptr || streaming_) return;
  streaming_ = true;
  ++worker_->impl().counters.streams_open;
}

}  // namespace belay::gateway
