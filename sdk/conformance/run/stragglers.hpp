// Processes that outlive the check they came from. The caller is a subreaper (PR_SET_CHILD_SUBREAPER), so whatever a dead child forked, with sessions of their
// own or not, has become its child.
#pragma once

#include <cstddef>
#include <set>

#include <sys/types.h>

namespace belay::conform {

/// Kills and reaps all children of this process but `spared`; how many there were. Gives up after five seconds of them making more.
std::size_t end_stragglers(const std::set<pid_t>& spared = {});

}  // namespace belay::conform
