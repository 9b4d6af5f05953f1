// Who could have put a file where it is. A plugin runs with all rights of the host, so the answer is asked for before a
// byte of it is mapped to run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plugins/settings.hpp"

namespace belay::plugins {

/// A file on its way to be trusted: its path without links, and what was found, for people ("owner root, not writable
/// by others").
struct Provenance {
  std::string real_path;
  std::string verdict;
};

/// Follows `path` step by step. Unless `trust` is any, every folder and link on the way and the file itself must belong
/// to root or the caller and be writable by nobody else; a folder with the sticky bit may be writable, since
/// only owners can rename what is in it. The error is the rest of a sentence about the file.
Result<Provenance> provenance_of(const std::string& path, Trust trust);

/// For trust = listed: the file's SHA-256 is among `allowed`. nullopt, or why not.
std::optional<std::string> listed_refusal(const std::string& sha256, const std::vector<std::string>& allowed,
                                          const std::string& type);

}  // namespace belay::plugins
