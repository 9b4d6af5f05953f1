#include "base/cancel.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/file.hpp"

namespace belay {

struct CancelToken::State {
  std::atomic<bool> cancelled{false};
  std::mutex mutex;  // guards what follows
  Fd fd;
  std::uint64_t next_id = 1;
  std::map<std::uint64_t, std::function<void()>> waiting;
  std::uint64_t running = 0;  // the callback that cancel() is in, 0: none
  std::thread::id runner;
  std::condition_variable returned;

  void signal() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd.get(), &one, sizeof one);
  }

  /// One by one, each taken out under the lock, so that a callback that is forgotten before its turn never runs.
  void run_waiting() {
    std::unique_lock lock(mutex);
    runner = std::this_thread::get_id();
    while (!waiting.empty()) {
      auto next = waiting.extract(waiting.begin());
      running = next.key();
      lock.unlock();
      next.mapped()();
      next = {};  // what it holds goes away outside the lock
      lock.lock();
      running = 0;
      returned.notify_all();
    }
  }
};

bool CancelToken::cancelled() const { return state_ && state_->cancelled.load(std::memory_order_acquire); }

int CancelToken::descriptor() const {
  if (!state_) return -1;
  std::lock_guard lock(state_->mutex);
  if (!state_->fd) {
    state_->fd = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (state_->cancelled) state_->signal();
  }
  return state_->fd.get();
}

std::uint64_t CancelToken::on_cancel(std::function<void()> then) const {
  if (!state_) return 0;
  {
    std::lock_guard lock(state_->mutex);
    if (!state_->cancelled) {
      const std::uint64_t id = state_->next_id++;
      state_->waiting.emplace(id, std::move(then));
      return id;
    }
  }
  then();
  return 0;
}

void CancelToken::forget(std::uint64_t id) const {
  if (!state_ || id == 0) return;
  std::unique_lock lock(state_->mutex);
  const auto forgotten = state_->waiting.extract(id);  // goes away after the lock
  if (forgotten || state_->running != id || state_->runner == std::this_thread::get_id()) return;
  state_->returned.wait(lock, [this, id] { return state_->running != id; });
}

CancelSource::CancelSource() : state_(std::make_shared<CancelToken::State>()) {}

CancelToken CancelSource::token() const {
  CancelToken token;
  token.state_ = state_;
  return token;
}

bool CancelSource::cancel() {
  const auto state = state_;  // a callback may destroy this source
  {
    std::lock_guard lock(state->mutex);
    if (state->cancelled.exchange(true)) return false;
    if (state->fd) state->signal();
  }
  state->run_waiting();
  return true;
}

}  // namespace belay
