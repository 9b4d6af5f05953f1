// The bytes of one plugin file, read once: what is checked, hashed and mapped is this copy, whatever happens to the
// file meanwhile. A file that is overwritten in place would take a mapping of it along (SIGBUS).
#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"

namespace belay::plugins {

inline constexpr std::size_t largest_plugin_file = std::size_t{256} << 20;

/// `path` is absolute and free of links. A regular file of at most 256 MiB that nobody writes to: half of an old file and
/// half of a new one would be neither. The error is the rest of a sentence about it. [blocks, 20 ms for a file that was
/// written just now]
Result<std::string> read_plugin_file(const std::string& path);

}  // namespace belay::plugins
