// Folder: the directory of a file state, checked, and single files in it written and read the careful way.
//
// All is done relative to one open descriptor, and no symbolic link in the folder is followed: root may work in a
// folder that belongs to a user
// (`sudo belay reset`), who must not be able to lead it elsewhere.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "base/result.hpp"

namespace belay::state {

/// Names are relative to the folder: "salt", or "AREA/FILE" with AREA one word.
class Folder {
 public:
  /// Makes `dir` (mode 0700) when absent. Refuses one that others may write, or that belongs to somebody else.
  static Result<Folder> open(const std::filesystem::path& dir);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// The file at the top of the folder, opened for reading and writing; made empty when there is none.
  [[nodiscard]] Result<Fd> touch(const std::string& name) const;
  /// Replaces the file in one rename. The caller holds the lock of `name`: the temporary file beside it has a fixed
  /// name, so what a killed process left behind is overwritten by the next writer.
  [[nodiscard]] Result<void> write(const std::string& name, std::string_view content, Durable durable) const;
  /// The file, or nullopt; an error when it is larger than `limit` or no regular file.
  [[nodiscard]] Result<std::optional<std::string>> read(const std::string& name, std::size_t limit) const;
  /// False when there was none.
  [[nodiscard]] Result<bool> remove(const std::string& name, Durable durable) const;
  /// What stands in the folder ("") or in one of its areas, unsorted. An area that was never made has nothing in it.
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& area) const;

  /// The name under which write() prepares a file.
  static std::string temporary(const std::string& name) { return name + ".new"; }

 private:
  /// Where a name leads: the directory that holds it and its last word.
  struct Place {
    Fd opened;  // of an area; empty for the top
    int dir;
    std::string leaf;
  };

  Folder(std::filesystem::path path, Fd dir, uid_t owner, gid_t group)
      : path_(std::move(path)), dir_(std::move(dir)), owner_(owner), group_(group) {}
  [[nodiscard]] Result<std::optional<Place>> find(const std::string& name) const;
  [[nodiscard]] Result<Place> find_or_make(const std::string& name) const;
  [[nodiscard]] Result<void> write_fresh(const Place& place, std::string_view content, Durable durable) const;
  [[nodiscard]] bool give_to_owner(int fd) const;
  [[nodiscard]] Error failed(const char* doing, const std::string& name, int code) const;

  std::filesystem::path path_;  // for messages
  Fd dir_;
  uid_t owner_;  // files are given to the folder's owner, also when root makes them
  gid_t group_;
};

}  // namespace belay::state
