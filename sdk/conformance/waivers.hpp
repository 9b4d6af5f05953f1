// Waivers: checks that may fail on one plugin, each with a reason that every report shows.
#pragma once

#include <map>
#include <span>
#include <string>

#include "base/result.hpp"
#include "check.hpp"

namespace belay::conform {

/// By check id.
using Waivers = std::map<std::string, std::string>;

/// {"version":1,"waivers":[{"check":"STRM-11","reason":"..."}]}; `file` for the messages.
Result<Waivers> read_waivers(std::string_view text, const std::string& file, std::span<const Check* const> all);

}  // namespace belay::conform
