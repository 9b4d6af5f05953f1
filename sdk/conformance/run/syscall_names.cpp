// The system calls that filters of this tool speak of, with their names; and the list that a plugin may make none of.
#include <fcntl.h>
#include <sys/syscall.h>

#include <array>

#include "run/syscall_filter.hpp"

namespace belay::conform {
namespace {

struct Forbidden {
  long number;
  const char* name;
  CallRule::When when = CallRule::When::always;
  unsigned argument = 0;
  std::uint32_t value = 0;
};

constexpr std::uint32_t writes = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
constexpr auto bits = CallRule::When::bits_set;

const Forbidden forbidden[] = {
    // processes, threads, programs
    {SYS_clone, "clone"},
#ifdef SYS_clone3
    {SYS_clone3, "clone3"},
#endif
#ifdef SYS_fork
    {SYS_fork, "fork"},
    {SYS_vfork, "vfork"},
#endif
    {SYS_execve, "execve"},
    {SYS_execveat, "execveat"},
    {SYS_setsid, "setsid"},
    {SYS_setpgid, "setpgid"},
    {SYS_ptrace, "ptrace"},
    {SYS_process_vm_readv, "process_vm_readv"},
    {SYS_process_vm_writev, "process_vm_writev"},
    // sockets
    {SYS_socket, "socket"},
    {SYS_socketpair, "socketpair"},
    // files
    {SYS_openat, "openat for writing", bits, 2, writes},
#ifdef SYS_open
    {SYS_open, "open for writing", bits, 1, writes},
    {SYS_creat, "creat"},
    {SYS_mkdir, "mkdir"},
    {SYS_unlink, "unlink"},
    {SYS_rmdir, "rmdir"},
    {SYS_rename, "rename"},
    {SYS_link, "link"},
    {SYS_symlink, "symlink"},
    {SYS_chmod, "chmod"},
    {SYS_chown, "chown"},
#endif
    {SYS_mkdirat, "mkdirat"},
    {SYS_unlinkat, "unlinkat"},
#ifdef SYS_renameat
    {SYS_renameat, "renameat"},
#endif
    {SYS_renameat2, "renameat2"},
    {SYS_linkat, "linkat"},
    {SYS_symlinkat, "symlinkat"},
    {SYS_fchmodat, "fchmodat"},
    {SYS_fchownat, "fchownat"},
    {SYS_memfd_create, "memfd_create"},
    {SYS_mknodat, "mknodat"},
    {SYS_truncate, "truncate"},
    // signals
    {SYS_rt_sigaction, "rt_sigaction with a handler", CallRule::When::not_equals, 1, 0},
    {SYS_rt_sigprocmask, "rt_sigprocmask with a mask", CallRule::When::not_equals, 1, 0},
    {SYS_kill, "kill"},
    {SYS_sigaltstack, "sigaltstack", CallRule::When::not_equals, 0, 0},
    {SYS_setitimer, "setitimer"},
    {SYS_timer_create, "timer_create"},
#ifdef SYS_alarm
    {SYS_alarm, "alarm"},
#endif
    // what belongs to the process
    {SYS_chdir, "chdir"},
    {SYS_fchdir, "fchdir"},
    {SYS_umask, "umask"},
    {SYS_setrlimit, "setrlimit"},
    {SYS_prlimit64, "prlimit64 with new limits", CallRule::When::not_equals, 2, 0},
    {SYS_setpriority, "setpriority"},
    {SYS_sched_setaffinity, "sched_setaffinity"},
    {SYS_sched_setscheduler, "sched_setscheduler"},
    {SYS_prctl, "prctl of the process name", CallRule::When::equals, 0, 15},
    {SYS_setuid, "setuid"},
    {SYS_setgid, "setgid"},
    {SYS_unshare, "unshare"},
    {SYS_setns, "setns"},
    {SYS_personality, "personality"},
    // the standard descriptors
    {SYS_dup3, "dup3"},
#ifdef SYS_dup2
    {SYS_dup2, "dup2"},
#endif
    {SYS_close, "close of a standard descriptor", CallRule::When::equals, 0, 0},
    {SYS_close, "close of a standard descriptor", CallRule::When::equals, 0, 1},
    {SYS_close, "close of a standard descriptor", CallRule::When::equals, 0, 2},
    {SYS_write, "write to stdout", CallRule::When::equals, 0, 1},
    {SYS_write, "write to stderr", CallRule::When::equals, 0, 2},
    {SYS_writev, "write to stdout", CallRule::When::equals, 0, 1},
    {SYS_writev, "write to stderr", CallRule::When::equals, 0, 2},
    // waiting
    {SYS_nanosleep, "nanosleep"},
    {SYS_clock_nanosleep, "clock_nanosleep"},
#ifdef SYS_pause
    {SYS_pause, "pause"},
#endif
};

}  // namespace

std::vector<CallRule> forbidden_to_plugins() {
  std::vector<CallRule> rules;
  for (const auto& one : forbidden) rules.push_back({one.number, one.when, one.argument, one.value, Consequence::trap});
  return rules;
}

std::string call_name(long number) {
  for (const auto& one : forbidden) {
    if (one.number == number) return one.name;
  }
  return "system call " + std::to_string(number);
}

}  // namespace belay::conform
