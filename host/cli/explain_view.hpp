// What `belay explain` prints, made from the runtime's explanation alone.
#pragma once

#include <optional>
#include <string>

#include "runtime/runtime.hpp"
#include "screen.hpp"

namespace belay::cli {

/// `only`: the row of one reason instead of all.
std::string explain_text(const runtime::Explanation& explanation, std::optional<fallback::Reason> only,
                         const Screen& screen);
std::string explain_json(const runtime::Explanation& explanation, std::optional<fallback::Reason> only);

}  // namespace belay::cli
