// The first errand for a file: who is it. It is a check like the others, run in a child, since reading a descriptor runs code of the plugin; it is in no list.
#pragma once

#include "check.hpp"

namespace belay::conform {

/// Measures "type" and "transport"; fails where the plugin can't be loaded and greeted.
const Check& describe_check();

}  // namespace belay::conform
