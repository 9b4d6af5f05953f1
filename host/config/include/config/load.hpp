// From TOML files to Settings. The only place that reads configuration.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "runtime/settings.hpp"

namespace belay::config {

/// The outside that loading depends on, passed in so that tests choose it.
struct Environment {
  std::function<std::optional<std::string>(const std::string& name)> variable;  ///< getenv
  std::filesystem::path program_dir;   ///< folder of the running program; presets and plugins are found relative to it
  std::filesystem::path system_dir = "/etc/belay";
  bool privileged = false;             ///< set-uid, set-gid or capabilities: user-controlled variables are ignored
};

/// The environment of this process.
Environment process_environment();

struct Loaded {
  runtime::Settings settings;
  Diagnostics errors;    ///< all of them at once; settings are only usable when empty
  Diagnostics warnings;
};

/// Reads the files of DESIGN 7 in order, or only `file` and what it includes. Never throws.
Loaded load(const Environment& environment, const std::optional<std::filesystem::path>& file);

/// One preset as the presets folder has it, for `belay explain` and `belay check`.
struct Preset {
  std::string name;
  std::string about;
  std::string plugin;
  std::string base_url;
  std::string env;       ///< variable that holds the key; empty for keyless servers
};

/// All presets that are installed, sorted by name.
std::vector<Preset> presets(const Environment& environment);

}  // namespace belay::config
