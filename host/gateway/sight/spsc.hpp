// A bounded queue between one thread that puts and one that takes, without locks: a ring whose ends are counted by
// their owners.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace belay::gateway::sight {

template <typename T>
class SpscQueue {
 public:
  /// Room for at least `capacity`.
  explicit SpscQueue(std::size_t capacity)
      : slots_(std::bit_ceil(capacity < 2 ? std::size_t{2} : capacity)), mask_(slots_.size() - 1) {}

  /// false: it is full, and `item` is lost. [the one that puts]
  bool put(T item) {
    const std::size_t at = back_.load(std::memory_order_relaxed);
    if (at - front_.load(std::memory_order_acquire) == slots_.size()) return false;
    slots_[at & mask_] = std::move(item);
    back_.store(at + 1, std::memory_order_release);
    return true;
  }
  /// [the one that takes]
  std::optional<T> take() {
    const std::size_t at = front_.load(std::memory_order_relaxed);
    if (at == back_.load(std::memory_order_acquire)) return std::nullopt;
    std::optional<T> out(std::move(slots_[at & mask_]));
    slots_[at & mask_] = T();
    front_.store(at + 1, std::memory_order_release);
    return out;
  }

 private:
  std::vector<T> slots_;
  std::size_t mask_;
  alignas(64) std::atomic<std::size_t> front_{0};
  alignas(64) std::atomic<std::size_t> back_{0};
};

}  // namespace belay::gateway::sight
