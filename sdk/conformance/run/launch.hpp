// From a fork to the child's main: descriptors, session, limits, environment, exec of the tool itself.
#pragma once

#include <sys/types.h>

#include "base/file.hpp"
#include "base/result.hpp"
#include "run/supervisor.hpp"

namespace belay::conform {

struct LaunchedChild {
  pid_t pid = -1;
  Fd verdict;          ///< read end, not blocking
  Fd crumbs;           ///< breadcrumbs and backtrace
  Fd output, errors;   ///< files behind its stdout and stderr
  VerdictKey key{};
};

Result<LaunchedChild> launch(const Watch& watch);

}  // namespace belay::conform
