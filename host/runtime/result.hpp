// What a call's end looks like to people and to programs.
#pragma once

#include <string>

#include "runtime/runtime.hpp"

namespace belay::runtime {

/// One sentence for people about a call that was not answered.
std::string sentence(const fallback::Trace& trace);

/// The result of a call for which no chain could be planned: an unusable request, an unknown route.
CallResult refused_before_planning(std::string id, std::string route, fallback::Reason reason, std::string why);

}  // namespace belay::runtime
