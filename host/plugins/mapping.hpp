// Which file an address of this process is mapped from, as the kernel tells it.
#pragma once

#include <optional>
#include <string>

namespace belay::plugins {

/// Device and inode as /proc/self/maps prints them; nullopt where there is no /proc or no file. Both sides of a
/// comparison must come from here: on overlay and copy-on-write file systems stat() gives other numbers.
std::optional<std::string> mapped_inode(const void* address);

}  // namespace belay::plugins
