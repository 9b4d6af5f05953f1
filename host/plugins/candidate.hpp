// One plugin file through every check that needs no mapping, in the order of the ladder: provenance, form, note, ABI,
// hash.
#pragma once

#include <string>
#include <vector>

#include "plugins/registry.hpp"
#include "plugins/settings.hpp"

namespace belay::plugins {

struct Candidate {
  FileReport report;                ///< usable, or refused with `why`
  std::string bytes;                ///< of the file, as checked; empty when it is refused
  std::vector<std::string> beside;  ///< libraries that lie in its own folders and that it needs, by path

  [[nodiscard]] bool usable() const { return report.state == FileState::usable; }
  /// Makes sure that report.sha256 is there.
  const std::string& sha256();
};

/// The policies asked for are the trust and the hashes listed for the file's types; folders, names and switches are the
/// caller's.
Candidate check_file(const std::string& path, const LoaderSettings& settings);

/// The same of bytes that are already ours, without provenance and hash. `path` is where they came from.
Candidate check_bytes(const std::string& path, std::string bytes);

/// The policy of the first of the file's types that has one; null: none has.
const PluginPolicy* policy_of(const NoteFacts& note, const LoaderSettings& settings);

}  // namespace belay::plugins
