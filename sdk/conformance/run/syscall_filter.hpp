// Filters of system calls (seccomp), for what a plugin must not do: a small program for the kernel, made of rules. Filters add up and are never lifted;
// children of the process inherit them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace belay::conform {

/// What becomes of a call that a rule matches.
enum class Consequence : std::uint8_t {
  kill,   ///< the process dies by SIGSYS at once, whatever handlers there are
  trap,   ///< SIGSYS is delivered; report_trapped_calls() makes a sentence of it
  refuse, ///< the call fails with EPERM
};

/// One system call, or those of its calls whose argument fits. Only the low 32 bits of the argument are looked at: flags, pids, descriptors.
struct CallRule {
  long number;
  enum class When : std::uint8_t { always, bits_set, equals, not_equals } when = When::always;
  unsigned argument = 0;
  std::uint32_t value = 0;  ///< bits_set: matches when any of them is set
  Consequence consequence = Consequence::trap;
};

/// False where the kernel refuses (a container without seccomp, valgrind): the caller goes on without or says that it can't ask.
bool install_filter(const std::vector<CallRule>& rules);

/// "socket", or "system call 41" for one that has no name here.
std::string call_name(long number);

/// What P17 to P19 forbid to a plugin without threads and transport of its own: processes and threads, programs, sockets, files opened for writing, made,
/// renamed or removed, signals, working directory, umask, limits, priorities, tracing. Consequence::trap.
std::vector<CallRule> forbidden_to_plugins();

/// From here on a trapped call ends the process, and what it was stands where the parent finds it (crumb.hpp).
void report_trapped_calls();

}  // namespace belay::conform
