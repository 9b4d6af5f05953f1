#include "world.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace belay::config {

World::World() {
  std::string pattern = (std::filesystem::temp_directory_path() / "belay-config-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  root_ = pattern;
  set("HOME", (root_ / "home").string());
}

World::~World() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

std::filesystem::path World::write(const std::filesystem::path& path, std::string_view text) const {
  const auto where = root_ / path;
  std::filesystem::create_directories(where.parent_path());
  std::ofstream(where, std::ios::binary) << text;
  if (::chmod(where.c_str(), 0600) != 0) throw std::runtime_error("cannot write " + where.string());
  return where;
}

Environment World::environment() const {
  Environment environment;
  environment.variable = [variables = variables_](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  environment.program_dir = root_ / "usr/bin";
  environment.system_dir = system();
  environment.privileged = privileged_;
  return environment;
}

Loaded World::load() const { return config::load(environment(), std::nullopt); }

Loaded World::load(std::string_view text) const {
  const auto file = write("belay.toml", text);
  Loaded loaded = config::load(environment(), file);
  for (Diagnostics* list : {&loaded.errors, &loaded.warnings}) {
    for (Diagnostic& diagnostic : *list) {
      if (diagnostic.file == file) diagnostic.file = "belay.toml";
    }
  }
  return loaded;
}

std::vector<std::string> texts(const Diagnostics& diagnostics) {
  std::vector<std::string> out;
  for (const Diagnostic& diagnostic : diagnostics) out.push_back(diagnostic.text());
  return out;
}

}  // namespace belay::config
