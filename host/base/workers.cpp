#include "base/workers.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace belay {

struct Workers::Impl {
  std::size_t limit;

  std::mutex mutex;  // guards what follows
  std::condition_variable work;
  std::deque<std::function<void()>> jobs;
  std::vector<std::thread> threads;
  std::size_t idle = 0;
  bool ending = false;

  void serve() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      work.wait(lock, [this] { return ending || !jobs.empty(); });
      --idle;
      if (jobs.empty()) return;
      auto job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      job();
      job = nullptr;  // what it holds goes away outside the lock
      lock.lock();
    }
  }

  /// False when the system gives no more threads and the ones that are there have to do. Without any there is no way
  /// on.
  bool add_thread() {
    try {
      threads.emplace_back([this] { serve(); });
      return true;
    } catch (const std::system_error&) {
      if (threads.empty()) throw;
      return false;
    }
  }
};

Workers::Workers(std::size_t limit) : impl_(std::make_unique<Impl>()) { impl_->limit = limit; }

Workers::~Workers() {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->ending = true;
  }
  impl_->work.notify_all();
  for (auto& thread : impl_->threads) thread.join();
}

void Workers::run(std::function<void()> job) {
  std::unique_lock lock(impl_->mutex);
  impl_->jobs.push_back(std::move(job));
  // A job that comes from a job while the destructor waits is done by the thread that brought it.
  const bool served = impl_->idle >= impl_->jobs.size() || impl_->threads.size() >= impl_->limit || impl_->ending;
  if (served || !impl_->add_thread()) impl_->work.notify_one();
}

}  // namespace belay
