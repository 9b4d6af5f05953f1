#include "run/limits.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>

#include <algorithm>
#include <thread>

#include "run/sanitized.hpp"
#include "run/syscall_filter.hpp"

namespace belay::conform {
namespace {

constexpr rlim_t address_space = rlim_t{4} << 30;   // a large fuzz body, 16 threads with their heaps and stacks: below 2 GiB
constexpr rlim_t file_size = rlim_t{256} << 20;
constexpr rlim_t descriptors = 512;
constexpr rlim_t more_processes = 512;

void lower(int what, rlim_t soft, rlim_t hard) {
  rlimit now{};
  if (getrlimit(static_cast<__rlimit_resource>(what), &now) != 0) return;
  now.rlim_max = std::min(now.rlim_max, hard);
  now.rlim_cur = std::min(soft, now.rlim_max);
  setrlimit(static_cast<__rlimit_resource>(what), &now);
}

}  // namespace

void limit_resources(std::chrono::seconds wall_limit) {
  // All processors may be busy for the whole time.
  const rlim_t seconds = static_cast<rlim_t>(wall_limit.count()) * std::max(1u, std::thread::hardware_concurrency()) + 1;
  lower(RLIMIT_CPU, seconds, seconds + 2);
  lower(RLIMIT_CORE, 0, 0);
  lower(RLIMIT_NOFILE, descriptors, descriptors);
  lower(RLIMIT_FSIZE, file_size, file_size);
  if (!sanitized()) lower(RLIMIT_AS, address_space, address_space);
  // The kernel counts all processes of the user, and root's not at all.
  struct sysinfo system {};
  if (sysinfo(&system) == 0) lower(RLIMIT_NPROC, system.procs + more_processes, system.procs + more_processes);
}

void protect(const Guardians& guardians) {
  std::vector<CallRule> rules;
  const auto deny = [&rules](long number, unsigned argument, pid_t who) {
    rules.push_back({number, CallRule::When::equals, argument, static_cast<std::uint32_t>(who), Consequence::kill});
  };
  deny(SYS_kill, 0, -1);  // everybody
  for (const pid_t group : {guardians.tool_group, guardians.supervisor_group}) deny(SYS_kill, 0, -group);
  for (const pid_t who : {guardians.tool, guardians.supervisor}) {
    for (const long number : {SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_open, SYS_process_vm_writev, SYS_prlimit64})
      deny(number, 0, who);
    deny(SYS_ptrace, 1, who);
  }
  install_filter(rules);
}

}  // namespace belay::conform
