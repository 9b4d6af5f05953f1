// Gate: a route's max_concurrency. Calls beyond it wait in order of arrival, inside their deadlines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>

namespace belay::runtime {

/// Thread-safe.
class Gate {
 public:
  explicit Gate(std::size_t limit) : limit_(limit) {}

  /// 0: enter now. Otherwise a ticket: `turn` is called once, on any thread, when there is room, which then is taken.
  std::uint64_t enter(std::function<void()> turn) {
    std::lock_guard lock(mutex_);
    if (running_ < limit_) {
      ++running_;
      return 0;
    }
    waiting_.push_back({next_ticket_, std::move(turn)});
    return next_ticket_++;
  }

  /// The caller who waits for `ticket` leaves the queue. False: its turn has come already, and its place must be given back by leave().
  bool forget(std::uint64_t ticket) {
    std::lock_guard lock(mutex_);
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
      if (it->ticket != ticket) continue;
      waiting_.erase(it);
      return true;
    }
    return false;
  }

  void leave() {
    std::function<void()> turn;
    {
      std::lock_guard lock(mutex_);
      if (waiting_.empty()) {
        --running_;
        return;
      }
      turn = std::move(waiting_.front().turn);
      waiting_.pop_front();
    }
    turn();
  }

 private:
  struct Waiting {
    std::uint64_t ticket;
    std::function<void()> turn;
  };
  const std::size_t limit_;
  std::mutex mutex_;
  std::size_t running_ = 0;            // guarded by mutex_
  std::uint64_t next_ticket_ = 1;      // guarded by mutex_
  std::list<Waiting> waiting_;         // guarded by mutex_
};

}  // namespace belay::runtime
