// What the kernel says about this process (proc(5)).
#pragma once

#include <cstdint>

namespace belay::gateway::sight {

struct ProcessFacts {
  double cpu_seconds = 0, started = 0;  ///< `started`: Unix seconds
  std::uint64_t resident_bytes = 0, virtual_bytes = 0, open_fds = 0, max_fds = 0, threads = 0;
};

/// Reads files of /proc: not on a loop thread.
ProcessFacts process_facts();

}  // namespace belay::gateway::sight
