// Watch: tells when one of some files, or a plugin in one of some folders, was replaced, written, removed or came to be.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "base/result.hpp"

namespace belay::gateway {

/// Watches the folders in which the files lie, since editors and packages replace files by renaming; a folder beside a file is watched too, so that a new
/// conf.d/*.toml is seen. inotify(7). [one thread]
class Watch {
 public:
  static Result<Watch> create();

  /// From now on these, and new files ending in ".toml" beside them; and every *.so in `plugins`, folders that may come to be later.
  void files(const std::vector<std::string>& paths, const std::vector<std::string>& plugins = {});
  /// Readable when something happened in one of the folders.
  [[nodiscard]] int descriptor() const { return fd_.get(); }
  /// Reads what happened; true: to one of the files, or to a plugin.
  bool changed();

 private:
  explicit Watch(Fd fd) : fd_(std::move(fd)) {}
  [[nodiscard]] bool is_ours(const std::filesystem::path& folder, const char* name) const;

  Fd fd_;
  std::multimap<int, std::filesystem::path> folders_;   // by watch descriptor: a folder may be known by several names
  std::set<std::filesystem::path> paths_;
  std::set<std::filesystem::path> configs_, plugins_;   // which of the folders hold what
};

}  // namespace belay::gateway
