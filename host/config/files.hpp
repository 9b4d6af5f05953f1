// Files: which ones are read, in which order, and how they become one tree (DESIGN 7).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "node.hpp"
#include "report.hpp"
#include "section.hpp"

namespace belay::config {

struct Files {
  Node root;                       ///< all files merged, later over earlier
  std::vector<std::string> names;  ///< what was read, in order
  bool whole = true;               ///< false: a file could not be read or parsed, so what is missing may stand there
};

/// Reads `file` and what it includes, or else the files of the system and the user that exist.
Files read_files(const Environment& environment, const std::optional<std::filesystem::path>& file, Reading& reading);

}  // namespace belay::config
