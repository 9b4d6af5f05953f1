#include "search.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/file.hpp"

namespace belay::plugins {

Found find_files(const std::vector<std::string>& dirs) {
  namespace fs = std::filesystem;
  Found found;
  std::vector<std::string> seen;
  for (const auto& dir : dirs) {
    std::error_code failed;
    auto folder = fs::absolute(dir, failed).lexically_normal();
    if (!folder.has_filename()) folder = folder.parent_path();  // a slash or dot at the end
    if (std::find(seen.begin(), seen.end(), folder.string()) != seen.end()) continue;
    seen.push_back(folder.string());
    std::vector<std::string> names;
    // The order of a folder is the file system's whim; sorted, the same file wins everywhere.
    for (auto entry = fs::directory_iterator(folder, failed); !failed && entry != fs::directory_iterator();
         entry.increment(failed)) {
      const auto name = entry->path().filename().string();
      if (name.ends_with(".so") && !name.starts_with('.')) names.push_back(entry->path().string());
    }
    found.looked.push_back(failed ? dir + " (" + errno_text(failed.value()) + ")" : dir);
    std::sort(names.begin(), names.end());
    found.files.insert(found.files.end(), names.begin(), names.end());
  }
  return found;
}

}  // namespace belay::plugins
