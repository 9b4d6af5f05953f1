// Runs checks on one file, so many at a time, each under a supervisor of its own.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "check.hpp"
#include "run/child.hpp"
#include "run/outcome.hpp"

namespace belay::conform {

struct RunPlan {
  ChildSetup setup;            ///< but `temp`, which each child gets for itself
  std::string folder;          ///< where those are made
  unsigned jobs = 1;
  bool own_transport = false;
};

/// Called in the order of the checks, each as soon as all before it are done. False where the person wants no more (a signal): what ran is ended.
using Finished = std::function<void(const Check&, const Outcome&)>;
bool run_checks(std::span<const Check* const> checks, const RunPlan& plan, const Finished& finished);

/// One check now.
Outcome run_one(const Check& check, const RunPlan& plan);

/// Makes this process the one to which orphans come, and notes SIGINT and SIGTERM. Once, early.
void become_the_tool();
bool interrupted();

}  // namespace belay::conform
