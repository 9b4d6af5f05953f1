// Histogram: plain counts per bucket. Bounds are Prometheus's `le`, inclusive.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace belay::gateway::sight {

using Nanos = std::chrono::nanoseconds;

template <std::size_t N>
class Histogram {
 public:
  using Bounds = std::array<Nanos, N>;

  void observe(const Bounds& bounds, Nanos value) {
    std::size_t i = 0;
    while (i < N && value > bounds[i]) ++i;
    ++counts_[i];
    sum_ += value;
  }
  void add(const Histogram& other) {
    for (std::size_t i = 0; i <= N; ++i) counts_[i] += other.counts_[i];
    sum_ += other.sum_;
  }
  /// Of bucket `i` alone; N: above the last bound.
  [[nodiscard]] std::uint64_t count(std::size_t i) const { return counts_[i]; }
  [[nodiscard]] double sum_seconds() const { return std::chrono::duration<double>(sum_).count(); }

 private:
  std::array<std::uint64_t, N + 1> counts_{};
  Nanos sum_{0};
};

namespace bounds {
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// What the gateway itself takes: 10 us to 100 ms.
inline constexpr Histogram<13>::Bounds overhead = {
    microseconds(10),  microseconds(25), microseconds(50),   microseconds(100), microseconds(250),
    microseconds(500), milliseconds(1),  microseconds(2500), milliseconds(5),   milliseconds(10),
    milliseconds(25),  milliseconds(50), milliseconds(100)};
/// What models take: 10 ms to 5 min.
inline constexpr Histogram<15>::Bounds call = {
    milliseconds(10),  milliseconds(25), milliseconds(50),   milliseconds(100), milliseconds(250),
    milliseconds(500), seconds(1),       milliseconds(2500), seconds(5),        seconds(10),
    seconds(20),       seconds(40),      seconds(80),        seconds(160),      seconds(300)};
}  // namespace bounds

using OverheadHistogram = Histogram<bounds::overhead.size()>;
using CallHistogram = Histogram<bounds::call.size()>;

}  // namespace belay::gateway::sight
