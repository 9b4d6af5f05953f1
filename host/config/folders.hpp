// Folders: where configuration, state, presets and plugins are looked for. The one place that knows XDG and HOME.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/load.hpp"

namespace belay::config {

/// The variable's value, or "" when it is unset, or when the process is privileged and its environment belongs to
/// someone else.
std::string variable(const Environment& environment, const std::string& name);

/// $XDG_CONFIG_HOME/belay, else ~/.config/belay; empty when neither is known. XDG variables that are not absolute are
/// ignored, as their specification asks.
std::filesystem::path user_config_dir(const Environment& environment);

/// The `state` of a configuration that names none: systemd's $STATE_DIRECTORY for the service, else
/// $XDG_STATE_HOME/belay, else
/// ~/.local/state/belay, else /var/lib/belay.
std::string default_state(const Environment& environment);

/// What lies beside the program.
std::string default_plugin_dir(const Environment& environment);

/// The folders of BELAY_PLUGIN_PATH, in order; none when privileged.
std::vector<std::string> plugin_path(const Environment& environment);

/// Where presets are looked for; the first file of a name wins.
std::vector<std::filesystem::path> preset_dirs(const Environment& environment);

/// The *.toml files of a folder, sorted by name; names that begin with a dot are editors' leftovers. None when there is
/// no such folder.
std::vector<std::filesystem::path> toml_files(const std::filesystem::path& folder);

/// A path as a configuration file means it: "~/" is the home folder, and what is relative is relative to that file.
std::string resolved(const Environment& environment, const std::string& file, const std::string& path);

}  // namespace belay::config
