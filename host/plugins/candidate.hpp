// One plugin file through every check that needs no mapping, in the order of the ladder: provenance, form, note, ABI,
// hash.
#pragma once

#include <optional>
#include <string>

#include "image_file.hpp"
#include "plugins/registry.hpp"
#include "plugins/settings.hpp"

namespace belay::plugins {

struct Candidate {
  FileReport report;               ///< usable, or refused with `why`
  std::optional<ImageFile> image;  ///< open while the file may still be mapped
};

/// The policies asked for are the trust and the hashes listed for the file's types; folders, names and switches are the
/// caller's.
Candidate check_file(const std::string& path, const LoaderSettings& settings);

/// The policy of the first of the file's types that has one; null: none has.
const PluginPolicy* policy_of(const NoteFacts& note, const LoaderSettings& settings);

}  // namespace belay::plugins
