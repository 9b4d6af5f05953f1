#include "drive/fault_trap.hpp"

#include <csetjmp>
#include <csignal>

namespace belay::conform {
namespace {

thread_local sigjmp_buf way_out;
thread_local const void* touched = nullptr;

void on_fault(int, siginfo_t* info, void*) {
  touched = info->si_addr;
  siglongjmp(way_out, 1);
}

}  // namespace

std::optional<const void*> forbidden_touch(const std::function<void()>& body) {
  struct sigaction action {}, segv {}, bus {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigaction(SIGSEGV, &action, &segv);
  ::sigaction(SIGBUS, &action, &bus);
  const bool faulted = sigsetjmp(way_out, 1) != 0;
  if (!faulted) body();
  ::sigaction(SIGSEGV, &segv, nullptr);
  ::sigaction(SIGBUS, &bus, nullptr);
  return faulted ? std::optional(touched) : std::nullopt;
}

}  // namespace belay::conform
