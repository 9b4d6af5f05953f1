// What a child may use, and what it may not do to the tool: set between fork and exec.
#pragma once

#include <sys/types.h>

#include <chrono>

namespace belay::conform {

/// Address space (not under a sanitizer), processor time, descriptors, processes, file sizes, no core. The soft limit of processor time sends SIGXCPU, the
/// hard one kills.
void limit_resources(std::chrono::seconds wall_limit);

/// Whom the child must leave alone.
struct Guardians {
  pid_t tool, tool_group, supervisor, supervisor_group;
};
/// A filter that lets the child signal, trace, write to or limit none of them (SIGSYS, not to be caught).
void protect(const Guardians& guardians);

}  // namespace belay::conform
