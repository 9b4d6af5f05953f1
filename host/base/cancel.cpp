#include "base/cancel.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <mutex>

#include "base/file.hpp"

namespace belay {

struct CancelToken::State {
  std::atomic<bool> cancelled{false};
  std::mutex mutex;
  Fd fd;
  std::uint64_t next = 1;
  std::map<std::uint64_t, std::function<void()>> waiting;

  void signal() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd.get(), &one, sizeof one);
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
      const std::uint64_t id = state_->next++;
      state_->waiting.emplace(id, std::move(then));
      return id;
    }
  }
  then();
  return 0;
}

void CancelToken::forget(std::uint64_t id) const {
  if (!state_ || id == 0) return;
  std::lock_guard lock(state_->mutex);
  state_->waiting.erase(id);
}

CancelSource::CancelSource() : state_(std::make_shared<CancelToken::State>()) {}

CancelToken CancelSource::token() const {
  CancelToken token;
  token.state_ = state_;
  return token;
}

bool CancelSource::cancel() {
  std::map<std::uint64_t, std::function<void()>> waiting;
  {
    std::lock_guard lock(state_->mutex);
    if (state_->cancelled.exchange(true)) return false;
    waiting.swap(state_->waiting);
    if (state_->fd) state_->signal();
  }
  for (auto& [id, then] : waiting) then();
  return true;
}

}  // namespace belay
