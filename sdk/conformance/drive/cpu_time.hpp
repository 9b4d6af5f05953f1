// Processor time of this thread: what a loaded machine does not change.
#pragma once

#include <chrono>
#include <ctime>

namespace belay::conform {

class CpuClock {
 public:
  CpuClock() : from_(now()) {}
  [[nodiscard]] std::chrono::nanoseconds so_far() const { return now() - from_; }

 private:
  static std::chrono::nanoseconds now() {
    timespec at{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec);
  }
  std::chrono::nanoseconds from_;
};

}  // namespace belay::conform
