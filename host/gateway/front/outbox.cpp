#include "outbox.hpp"

#include <utility>

namespace belay::gateway {
namespace {

constexpr std::size_t usual = 4096;            // room for a small reply
constexpr std::size_t largest_kept = 64 << 10;
constexpr std::size_t most_kept = 64;
constexpr std::size_t worth_moving = 64 << 10;

}  // namespace

std::string BufferPool::take() {
  if (free_.empty()) {
    std::string fresh;
    fresh.reserve(usual);
    return fresh;
  }
  std::string buffer = std::move(free_.back());
  free_.pop_back();
  return buffer;
}

void BufferPool::give(std::string buffer) {
  if (free_.size() >= most_kept || buffer.capacity() < usual || buffer.capacity() > largest_kept) return;
  buffer.clear();
  free_.push_back(std::move(buffer));
}

std::string& Outbox::room(BufferPool& pool) {
  if (!lent_) bytes_ = pool.take();
  lent_ = true;
  return bytes_;
}

void Outbox::sent(std::size_t size, BufferPool& pool) {
  sent_ += size;
  if (empty()) return drop(pool);
  if (sent_ < worth_moving || sent_ < bytes_.size() / 2) return;
  bytes_.erase(0, sent_);
  sent_ = 0;
}

void Outbox::drop(BufferPool& pool) {
  if (lent_) pool.give(std::move(bytes_));
  bytes_ = std::string();
  sent_ = 0;
  lent_ = false;
}

}  // namespace belay::gateway
