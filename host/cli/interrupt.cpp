#include "interrupt.hpp"

#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace belay::cli {
namespace {

constexpr int watched[] = {SIGINT, SIGTERM, SIGHUP};
constexpr std::int64_t twice_ms = 500;

// Signal handlers have no other place to look.
std::atomic<int> came{0};
std::atomic<std::int64_t> came_at_ms{0};
std::atomic<int> event_descriptor{-1};
struct sigaction before[std::size(watched)];

std::int64_t now_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

void on_signal(int number) {
  const int saved = errno;
  if (came.load() != 0) {
    if (now_ms() - came_at_ms.load() >= twice_ms) {
      signal(number, SIG_DFL);
      raise(number);
    }
  } else {
    came_at_ms.store(now_ms());
    came.store(number);
    const std::uint64_t one = 1;
    if (write(event_descriptor.load(), &one, sizeof one) < 0) {
      // The descriptor is a counter of our own; there is nobody to tell.
    }
  }
  errno = saved;
}

}  // namespace

Interrupt::Interrupt() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  came.store(0);
  event_descriptor.store(event_.get());
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (std::size_t n = 0; n < std::size(watched); ++n) {
    sigaction(watched[n], nullptr, &before[n]);
    // nohup asks to outlive the terminal. An ignored SIGINT (a background job of a script) is taken all the same:
    // nothing but a person's or a script's own wish sends it here.
    if (watched[n] == SIGHUP && before[n].sa_handler == SIG_IGN) continue;
    sigaction(watched[n], &action, nullptr);
  }
}

Interrupt::~Interrupt() {
  for (std::size_t n = 0; n < std::size(watched); ++n) sigaction(watched[n], &before[n], nullptr);
  event_descriptor.store(-1);
}

int Interrupt::signal() const { return came.load(); }

}  // namespace belay::cli
