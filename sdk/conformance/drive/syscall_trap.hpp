// Which calls of a piece of code into the kernel reach for files, networks or other processes: a seccomp filter on a thread of its own turns them away and
// notes them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace belay::conform {

/// Runs `body` on a new thread; each forbidden call fails there with EPERM. Returns what was tried ("openat /etc/hosts"), at most 32; nullopt: the kernel has
/// no such filters, `body` did not run. `body` must not throw.
std::optional<std::vector<std::string>> outside_calls(const std::function<void()>& body);

}  // namespace belay::conform
