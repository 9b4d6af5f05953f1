#include "folders.hpp"

#include <sys/auxv.h>

#include <algorithm>
#include <cstdlib>

namespace belay::config {
namespace {

std::filesystem::path absolute_variable(const Environment& environment, const std::string& name) {
  std::filesystem::path path = variable(environment, name);
  return path.is_absolute() ? path : std::filesystem::path();
}

std::filesystem::path below_home(const Environment& environment, const std::string& xdg, const char* fallback) {
  if (const auto folder = absolute_variable(environment, xdg); !folder.empty()) return folder / "belay";
  if (const auto home = absolute_variable(environment, "HOME"); !home.empty()) return home / fallback / "belay";
  return {};
}

}  // namespace

Environment process_environment() {
  Environment environment;
  environment.variable = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
  std::error_code unknown;
  environment.program_dir = std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path();
  environment.privileged = getauxval(AT_SECURE) != 0;  // set by the kernel for set-uid, set-gid and file capabilities
  return environment;
}

std::string variable(const Environment& environment, const std::string& name) {
  if (environment.privileged || !environment.variable) return {};
  return environment.variable(name).value_or("");
}

std::filesystem::path user_config_dir(const Environment& environment) {
  return below_home(environment, "XDG_CONFIG_HOME", ".config");
}

std::string default_state(const Environment& environment) {
  const std::string service = variable(environment, "STATE_DIRECTORY");  // several folders are separated by colons
  if (service.starts_with('/')) return "file:" + service.substr(0, service.find(':'));
  const auto folder = below_home(environment, "XDG_STATE_HOME", ".local/state");
  return "file:" + (folder.empty() ? std::string("/var/lib/belay") : folder.string());
}

std::string default_plugin_dir(const Environment& environment) {
  return (environment.program_dir / ".." / "lib" / "belay" / "plugins").lexically_normal().string();
}

std::vector<std::string> plugin_path(const Environment& environment) {
  std::vector<std::string> folders;
  const std::string value = variable(environment, "BELAY_PLUGIN_PATH");
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t end = std::min(value.find(':', at), value.size());
    if (end > at) folders.push_back(value.substr(at, end - at));
    at = end + 1;
  }
  return folders;
}

std::vector<std::filesystem::path> preset_dirs(const Environment& environment) {
  return {(environment.program_dir / ".." / "share" / "belay" / "presets").lexically_normal(),
          environment.system_dir / "presets", "/usr/local/share/belay/presets", "/usr/share/belay/presets"};
}

std::vector<std::filesystem::path> toml_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code stop;
  for (std::filesystem::directory_iterator entry(folder, stop), end; !stop && entry != end; entry.increment(stop)) {
    const std::string name = entry->path().filename().string();
    if (name.ends_with(".toml") && !name.starts_with(".")) paths.push_back(entry->path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string resolved(const Environment& environment, const std::string& file, const std::string& path) {
  if (path == "~" || path.starts_with("~/")) {
    const std::string home = variable(environment, "HOME");
    if (!home.empty()) return home + path.substr(1);
    return path;
  }
  if (path.starts_with('/')) return path;
  std::error_code unknown;
  const auto base = std::filesystem::absolute(file, unknown).parent_path();
  return (base / path).lexically_normal().string();
}

}  // namespace belay::config
