// A benchmark harness of one screen: the median of seven rounds, each long enough for the clock, and where it was
// measured.
#pragma once

#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

namespace belay::bench {

constexpr std::chrono::milliseconds round_time{30};

/// Keeps the compiler from leaving out what made `value`.
template <typename T>
void keep(const T& value) {
  asm volatile("" : : "r,m"(&value) : "memory");
}

/// Nanoseconds per call of `once`: median of seven rounds.
template <typename Once>
double median_ns(Once&& once) {
  using Clock = std::chrono::steady_clock;
  std::array<double, 7> rounds{};
  for (double& ns : rounds) {
    std::size_t calls = 0;
    const auto begin = Clock::now();
    Clock::duration spent{};
    for (std::size_t batch = 1; spent < round_time; batch = std::min<std::size_t>(batch * 2, 4096)) {
      for (std::size_t i = 0; i < batch; ++i) once();
      calls += batch;
      spent = Clock::now() - begin;
    }
    ns = std::chrono::duration<double, std::nano>(spent).count() / static_cast<double>(calls);
  }
  std::nth_element(rounds.begin(), rounds.begin() + 3, rounds.end());
  return rounds[3];
}

/// "Linux 6.1.0, 2 processors, Intel(R) Xeon(R) ...; g++ 12.2.0, Release".
inline void print_setup(const char* title) {
  utsname machine{};
  uname(&machine);
  std::string processor = machine.machine;
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) {
      processor = line.substr(line.find(':') + 2);
      break;
    }
  }
  std::printf("%s\n%s %s, %u processors, %s; compiler %s, Release\n", title, machine.sysname, machine.release,
              std::thread::hardware_concurrency(), processor.c_str(), __VERSION__);
  std::printf("median of 7 rounds of %lld ms\n\n", static_cast<long long>(round_time.count()));
}

}  // namespace belay::bench
