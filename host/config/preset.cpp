#include "preset.hpp"

#include <set>

#include "base/file.hpp"
#include "folders.hpp"
#include "text_guard.hpp"
#include "toml.hpp"
#include "words.hpp"

namespace belay::config {
namespace {

/// What a preset may say about a provider; credentials, proxies and the like are its user's own affair.
constexpr std::string_view provider_keys[] = {"plugin",  "base_url", "model", "models",
                                              "headers", "options",  "cost",  "zone"};

std::filesystem::path file_of(const Environment& environment, const std::string& name) {
  for (const auto& folder : preset_dirs(environment)) {
    std::error_code unknown;
    if (const auto path = folder / (name + ".toml"); std::filesystem::exists(path, unknown)) return path;
  }
  return {};
}

/// "plugin" and the like, for listing; the reader of [provider.NAME] checks the value.
std::string text_of(const Node& table, std::string_view key) {
  const Node* node = table.find(key);
  return node != nullptr && node->kind == Node::Kind::string ? node->text : "";
}

}  // namespace

const PresetFile* Presets::find(const std::string& name) {
  auto at = found_.find(name);
  if (at == found_.end()) at = found_.emplace(name, read(name)).first;
  return at->second ? &*at->second : nullptr;
}

std::optional<PresetFile> Presets::read(const std::string& name) {
  if (!is_name(name)) return std::nullopt;
  const auto path = file_of(environment_, name);
  if (path.empty()) return std::nullopt;
  const std::uint32_t file = reading_.report.name(path.string());
  const auto text = read_file(path, file_limit);
  if (!text) {
    reading_.report.error({file, 0, 0}, "", text.error().message, "reinstall the presets");
    return std::nullopt;
  }
  auto root = parse_toml(*text, file, reading_.report);
  if (!root) return std::nullopt;

  PresetFile preset;
  preset.about.name = name;
  Reading unrecorded{reading_.report};
  Section section(unrecorded, *root, "", "");
  section.text("about", preset.about.about, "about = \"one line for people\"");
  section.text("env", preset.about.env, "env = \"EXAMPLE_API_KEY\"");
  section.text("base_url_form", preset.base_url_form, "base_url_form = \"https://NAME.example.org/v1\"");
  for (const auto key : provider_keys) {
    if (const Node* node = section.find(key)) preset.provider.items.push_back(*node);
  }
  section.finish();
  preset.about.plugin = text_of(preset.provider, "plugin");
  preset.about.base_url = text_of(preset.provider, "base_url");
  if (preset.about.base_url.empty()) preset.about.base_url = preset.base_url_form;
  return preset;
}

std::vector<std::string> Presets::names() const {
  std::set<std::string> names;
  for (const auto& folder : preset_dirs(environment_)) {
    for (const auto& path : toml_files(folder)) {
      if (const std::string name = path.stem().string(); is_name(name)) names.insert(name);
    }
  }
  return {names.begin(), names.end()};
}

std::vector<Preset> presets(const Environment& environment) {
  Report report;
  Reading reading{report};
  Presets known(environment, reading);
  std::vector<Preset> out;
  for (const std::string& name : known.names()) {
    if (const PresetFile* preset = known.find(name)) out.push_back(preset->about);
  }
  return out;
}

}  // namespace belay::config
