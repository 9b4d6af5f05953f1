// A check becomes an outcome: runs it, with the plugin loaded before and torn down after, and catches what it throws. In a child, or in the tool itself with
// --in-process.
#pragma once

#include "check.hpp"
#include "run/child.hpp"
#include "run/outcome.hpp"

namespace belay::conform {

Outcome judge(const Check& check, const ChildSetup& setup);

}  // namespace belay::conform
