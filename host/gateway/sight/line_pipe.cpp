#include "line_pipe.hpp"

#include <algorithm>
#include <cstring>

namespace belay::gateway::sight {
namespace {

constexpr std::size_t largest_block = 32u << 10;

}  // namespace

LinePipe::LinePipe(std::size_t bytes)
    : block_size_(std::clamp<std::size_t>(bytes / 2, 256, largest_block)),
      most_blocks_(std::max<std::size_t>(2, bytes / block_size_)),
      emptied_(most_blocks_),
      filling_(new Block(block_size_)),
      taking_(filling_) {}

LinePipe::~LinePipe() {
  while (taking_ != nullptr) delete std::exchange(taking_, taking_->next.load());
  while (const auto block = emptied_.take()) delete *block;
}

/// A line that is longer than a block gets one of its own size.
LinePipe::Block* LinePipe::another(std::size_t at_least) {
  if (at_least <= block_size_) {
    if (const auto block = emptied_.take()) {
      (*block)->taken = 0;
      (*block)->filled.store(0, std::memory_order_relaxed);
      (*block)->next.store(nullptr, std::memory_order_relaxed);
      return *block;
    }
  }
  if (blocks_.load(std::memory_order_relaxed) >= most_blocks_) return nullptr;
  blocks_.fetch_add(1, std::memory_order_relaxed);
  return new Block(std::max(at_least, block_size_));
}

bool LinePipe::put(std::string_view line) {
  std::size_t at = filling_->filled.load(std::memory_order_relaxed);
  if (filling_->capacity - at < line.size()) {
    Block* const block = another(line.size());
    if (block == nullptr) return false;
    filling_->next.store(block, std::memory_order_release);
    filling_ = block;
    at = 0;
  }
  std::memcpy(filling_->bytes.get() + at, line.data(), line.size());
  filling_->filled.store(at + line.size(), std::memory_order_release);
  return true;
}

bool LinePipe::take(std::string& to, std::size_t most) {
  const std::size_t before = to.size();
  while (to.size() - before < most) {
    // In this order: what was filled in before the next one was linked is seen.
    Block* const next = taking_->next.load(std::memory_order_acquire);
    const std::size_t filled = taking_->filled.load(std::memory_order_acquire);
    to.append(taking_->bytes.get() + taking_->taken, filled - taking_->taken);
    taking_->taken = filled;
    if (next == nullptr) break;
    Block* const empty = std::exchange(taking_, next);
    if (empty->capacity != block_size_ || !emptied_.put(empty)) {
      blocks_.fetch_sub(1, std::memory_order_relaxed);
      delete empty;
    }
  }
  return to.size() != before;
}

}  // namespace belay::gateway::sight
