// The plugin files of the configured folders, in the order in which they win.
#pragma once

#include <string>
#include <vector>

namespace belay::plugins {

struct Found {
  std::vector<std::string> files;   ///< absolute; folders in order, names sorted in each
  std::vector<std::string> looked;  ///< "/usr/lib/belay/plugins", "/opt/x (no such folder)": for messages
};

/// Looks for *.so, not in folders below. A folder that is missing or can't be read is no error, only noted.
Found find_files(const std::vector<std::string>& dirs);

}  // namespace belay::plugins
