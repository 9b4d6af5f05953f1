// Catches the crash that comes of touching memory which may not be touched, so that a check can say what was touched and where.
#pragma once

#include <functional>
#include <optional>

namespace belay::conform {

/// Runs `body` on this thread; nullopt, or the address at which it touched memory that it may not touch. After that the plugin was left in the middle of a
/// call: the check has to end.
std::optional<const void*> forbidden_touch(const std::function<void()>& body);

}  // namespace belay::conform
