// The index of a body's top-level members, as the host hands it to a plugin.
#pragma once

#include <vector>

#include "belay/request.h"

namespace belay::driver {

/// `body` is one valid JSON object; the views point into it.
std::vector<belay_member> members_of(belay_str body);

}  // namespace belay::driver
