// TOML text to Node. toml++ is included by toml.cpp alone: it costs seconds to compile, and its traps are handled
// there.
#pragma once

#include <optional>
#include <string_view>

#include "node.hpp"
#include "report.hpp"

namespace belay::config {

/// The root table; nullopt after an error in `report` (a parser stops at its first). `file` is the index of the text's
/// name there. No value of the text is quoted in a message: it may be a secret.
std::optional<Node> parse_toml(std::string_view text, std::uint32_t file, Report& report);

}  // namespace belay::config
