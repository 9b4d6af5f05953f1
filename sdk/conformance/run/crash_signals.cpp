#include "run/crash_signals.hpp"

#include <execinfo.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "run/crumb.hpp"
#include "run/sanitized.hpp"

namespace belay::conform {

const int time_is_over = SIGXCPU;

namespace {

int trace_fd = -1;
alignas(16) std::array<char, 64u << 10> stack;

/// backtrace() was called once before, so that here it loads nothing.
void on_crash(int signal) {
  std::array<void*, 48> frames;
  const int depth = backtrace(frames.data(), static_cast<int>(frames.size()));
  if (trace_fd >= 0) {
    lseek(trace_fd, crumb_bytes, SEEK_SET);
    backtrace_symbols_fd(frames.data(), depth, trace_fd);
  }
  std::signal(signal, SIG_DFL);
  raise(signal);
}

void handle(int signal) {
  struct sigaction action {};
  action.sa_handler = on_crash;
  action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void tell_crashes(int fd) {
  trace_fd = fd;
  std::array<void*, 2> warm;
  backtrace(warm.data(), static_cast<int>(warm.size()));
  handle(time_is_over);
  if (sanitized()) return;
  stack_t own{};
  own.ss_sp = stack.data();
  own.ss_size = stack.size();
  sigaltstack(&own, nullptr);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) handle(signal);
}

}  // namespace belay::conform
