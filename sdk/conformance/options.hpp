// The command line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace belay::conform {

enum class Format : std::uint8_t { human, json, junit, tap };

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> only, skip;   ///< globs over ids and group names
  std::string explain;                   ///< an id
  std::string provider, cassettes, waivers;
  std::uint64_t seed = 1;
  unsigned jobs = 0;                     ///< 0: as many as there are processors
  Format format = Format::human;
  bool list = false, certify = false, in_process = false, help = false, version = false;
};

/// `words` without the program's name. The error is a sentence with the way out.
Result<Options> parse_options(std::span<const std::string> words);

/// What --help prints.
std::string help_text();

}  // namespace belay::conform
