#include "runtime/loops.hpp"

#include <future>

namespace belay::runtime {

Result<std::unique_ptr<LoopThread>> LoopThread::start() {
  auto loop = Loop::create();
  if (!loop) return loop.error();
  std::unique_ptr<LoopThread> self(new LoopThread);
  self->loop_ = std::move(*loop);
  self->client_ = std::make_unique<http::Client>(*self->loop_);
  self->thread_ = std::thread([loop = self->loop_.get()] { loop->run(); });
  return self;
}

LoopThread::~LoopThread() {
  evict_all();
  loop_->stop();
  thread_.join();
}

void LoopThread::move_out(const std::shared_ptr<Resident>& resident) {
  if (residents_.erase(resident) > 0) loop_->at_turn_end([resident] {});
}

void LoopThread::evict_all(const void* tenant) {
  loop_->post([this, tenant] {
    const std::vector<std::shared_ptr<Resident>> residents(residents_.begin(), residents_.end());
    for (const auto& resident : residents) {
      if (tenant == nullptr || resident->tenant() == tenant) resident->evict();
    }
  });
  settle();
}

void LoopThread::settle() {
  std::promise<void> over;
  // Behind what was posted; then behind what that put off to the end of its turn, and what this put off in turn.
  loop_->post([this, &over] { loop_->at_turn_end([this, &over] { loop_->at_turn_end([&over] { over.set_value(); }); }); });
  over.get_future().wait();
}

Result<std::unique_ptr<Loops>> Loops::start(std::size_t count) {
  auto self = std::make_unique<Loops>();
  for (std::size_t i = 0; i < count; ++i) {
    auto thread = LoopThread::start();
    if (!thread) return thread.error();
    self->threads_.push_back(std::move(*thread));
  }
  return self;
}

LoopThread& Loops::pick() {
  if (threads_.size() == 1) return *threads_.front();
  for (const auto& thread : threads_) {
    if (thread->loop().on_loop_thread()) return *thread;
  }
  return *threads_[next_.fetch_add(1, std::memory_order_relaxed) % threads_.size()];
}

}  // namespace belay::runtime
