// The process between the tool and one check's child. It waits for the verdict, ends the child when its time is over, finds what the child left behind,
// and tells the tool in one sealed record. It maps nothing of the plugin and may be killed by it: then the tool says so.
#pragma once

#include "run/limits.hpp"
#include "run/setup.hpp"
#include "run/verdict.hpp"

namespace belay::conform {

/// What the supervisor of one check is told by the tool that forked it.
struct Watch {
  Errand errand;
  std::chrono::seconds limit{20};
  bool own_transport = false;  ///< the plugin may use the network
  pid_t tool = 0, tool_group = 0;
  int report_fd = -1;          ///< where the record goes
  VerdictKey report_key{};
};

/// To be called in a fresh fork of a process with one thread.
[[noreturn]] void supervise(const Watch& watch);

}  // namespace belay::conform
