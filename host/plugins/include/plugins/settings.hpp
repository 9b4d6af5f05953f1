// Which plugin files may be loaded, and from where (DESIGN 7: [host] plugin_dirs, trust; [plugins.TYPE]).
#pragma once

#include <map>
#include <string>
#include <vector>

namespace belay::plugins {

enum class Trust { any, packaged, listed, signed_ };
enum class Isolation { in_process, process };

/// [plugins.TYPE]
struct PluginPolicy {
  bool enabled = true;
  std::vector<std::string> sha256;  ///< lower-case hex; for trust = "listed"
  Isolation isolation = Isolation::in_process;
  std::string place;                ///< "belay.toml:12" for messages
};

struct LoaderSettings {
  std::vector<std::string> dirs;    ///< searched in order, each in sorted order
  Trust trust = Trust::packaged;
  std::map<std::string, PluginPolicy> policies;  ///< by provider type
};

}  // namespace belay::plugins
