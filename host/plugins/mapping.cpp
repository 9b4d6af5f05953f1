#include "mapping.hpp"

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <memory>

namespace belay::plugins {

std::optional<std::string> mapped_inode(const void* address) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> maps(
      std::fopen("/proc/self/maps", "re"), [](std::FILE* file) { return file != nullptr ? std::fclose(file) : 0; });
  if (!maps) return std::nullopt;
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  char line[8192];
  while (std::fgets(line, sizeof line, maps.get()) != nullptr) {
    std::uintptr_t begin = 0, end = 0;
    char device[32];
    std::uint64_t inode = 0;
    if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %*s %31s %" SCNu64, &begin, &end, device, &inode) != 4)
      continue;
    if (wanted < begin || wanted >= end) continue;
    if (inode == 0) return std::nullopt;
    return std::string(device) + " " + std::to_string(inode);
  }
  return std::nullopt;
}

}  // namespace belay::plugins
