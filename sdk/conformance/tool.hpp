// The program after its options were read.
#pragma once

#include "options.hpp"

namespace belay::conform {

enum class Exit : int { good = 0, failed = 1, usage = 2, not_loaded = 3, tool = 4, interrupted = 130 };

Exit run_tool(const Options& options);

}  // namespace belay::conform
