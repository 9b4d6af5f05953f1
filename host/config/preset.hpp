// Presets: known providers as data, one file each (config/presets/NAME.toml). A preset is a [provider.NAME] table that
// lies below the one a person writes, plus `about`, `env` (the variable that holds the key) and, where everyone has an
// address of their own, `base_url_form`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "section.hpp"

namespace belay::config {

struct PresetFile {
  Preset about;
  std::string base_url_form;  ///< "https://RESOURCE.openai.azure.com/openai/v1": what a person must fill in; else empty
  Node provider;              ///< the keys of [provider.NAME] that it brings
};

/// Finds presets when they are first named and keeps them.
class Presets {
 public:
  Presets(const Environment& environment, Reading& reading) : environment_(environment), reading_(reading) {}

  /// nullptr when there is none of that name or (reported) its file is bad.
  const PresetFile* find(const std::string& name);
  /// Every installed name, sorted.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::optional<PresetFile> read(const std::string& name);

  const Environment& environment_;
  Reading& reading_;
  std::map<std::string, std::optional<PresetFile>> found_;
};

}  // namespace belay::config
