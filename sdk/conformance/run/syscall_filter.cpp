#include "run/syscall_filter.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>

#include "run/crumb.hpp"

namespace belay::conform {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t this_arch = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t this_arch = AUDIT_ARCH_AARCH64;
#elif defined(__riscv)
constexpr std::uint32_t this_arch = AUDIT_ARCH_RISCV64;
#elif defined(__powerpc64__)
constexpr std::uint32_t this_arch = AUDIT_ARCH_PPC64LE;
#else
#error "add this machine's AUDIT_ARCH_ number"
#endif

std::uint32_t verdict_of(Consequence consequence) {
  switch (consequence) {
    case Consequence::kill:
      return SECCOMP_RET_KILL_PROCESS;
    case Consequence::trap:
      return SECCOMP_RET_TRAP;
    case Consequence::refuse:
      return SECCOMP_RET_ERRNO | (1 & SECCOMP_RET_DATA);  // EPERM
  }
  return SECCOMP_RET_KILL_PROCESS;
}

void load(std::vector<sock_filter>& program, std::size_t offset) {
  program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
}

/// Goes on with the next instruction when `condition` holds, else over `skip` of them; or the reverse.
void unless(std::vector<sock_filter>& program, std::uint16_t condition, std::uint32_t value, std::uint8_t skip) {
  program.push_back(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | condition | BPF_K), value, 0, skip));
}
void when(std::vector<sock_filter>& program, std::uint16_t condition, std::uint32_t value, std::uint8_t skip) {
  program.push_back(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | condition | BPF_K), value, skip, 0));
}

void give(std::vector<sock_filter>& program, std::uint32_t verdict) { program.push_back(BPF_STMT(BPF_RET | BPF_K, verdict)); }

void add(std::vector<sock_filter>& program, const CallRule& rule) {
  const bool bare = rule.when == CallRule::When::always;
  load(program, offsetof(seccomp_data, nr));
  unless(program, BPF_JEQ, static_cast<std::uint32_t>(rule.number), bare ? 1 : 3);
  if (!bare) {
    load(program, offsetof(seccomp_data, args) + rule.argument * sizeof(std::uint64_t));  // low half first: little-endian
    if (rule.when == CallRule::When::bits_set) unless(program, BPF_JSET, rule.value, 1);
    if (rule.when == CallRule::When::equals) unless(program, BPF_JEQ, rule.value, 1);
    if (rule.when == CallRule::When::not_equals) when(program, BPF_JEQ, rule.value, 1);
  }
  give(program, verdict_of(rule.consequence));
}

/// Async-signal-safe: leaves the number in shared memory and the process without a verdict.
void on_trap(int, siginfo_t* info, void*) {
  note_trapped_call(info->si_syscall);
  _exit(trapped_exit_code);
}

}  // namespace

bool install_filter(const std::vector<CallRule>& rules) {
  std::vector<sock_filter> program;
  load(program, offsetof(seccomp_data, arch));
  when(program, BPF_JEQ, this_arch, 1);
  give(program, SECCOMP_RET_KILL_PROCESS);
#if defined(__x86_64__)
  load(program, offsetof(seccomp_data, nr));
  unless(program, BPF_JGE, 0x40000000u, 1);  // the x32 numbers: another door to the same calls
  give(program, SECCOMP_RET_KILL_PROCESS);
#endif
  for (const auto& rule : rules) add(program, rule);
  give(program, SECCOMP_RET_ALLOW);
  const sock_fprog whole{static_cast<unsigned short>(program.size()), program.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  // All threads of the process, those of a sanitizer's runtime too.
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &whole) == 0;
}

void report_trapped_calls() {
  struct sigaction action {};
  action.sa_sigaction = on_trap;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSYS, &action, nullptr);
}

}  // namespace belay::conform
