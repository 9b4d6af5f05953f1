// A machine of a test's own: folders for system, user and program below one temporary folder, and an environment that
// knows nothing else.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"

namespace belay::config {

class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path system() const { return root_ / "etc"; }
  [[nodiscard]] std::filesystem::path user() const { return root_ / "home/.config/belay"; }
  [[nodiscard]] std::filesystem::path presets() const { return root_ / "usr/share/belay/presets"; }

  /// Writes a file that only its owner may read, below root() when `path` is relative; returns where it is.
  std::filesystem::path write(const std::filesystem::path& path, std::string_view text) const;

  /// HOME and what set() added.
  [[nodiscard]] Environment environment() const;
  void set(const std::string& name, const std::string& value) { variables_[name] = value; }
  void privileged() { privileged_ = true; }

  /// load() without --config.
  [[nodiscard]] Loaded load() const;
  /// load() of one file "belay.toml" with this text. Its folder is cut from the messages.
  [[nodiscard]] Loaded load(std::string_view text) const;

 private:
  std::filesystem::path root_;
  std::map<std::string, std::string> variables_;
  bool privileged_ = false;
};

/// Diagnostic::text() of each.
std::vector<std::string> texts(const Diagnostics& diagnostics);

/// Everything in the settings that a caller can tell, one fact a line; places left out.
std::string dump(const runtime::Settings& settings);

}  // namespace belay::config
