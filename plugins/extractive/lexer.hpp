// Finds what a reader would want back from a text: paths, numbers with their unit, names, identifiers, commands.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lines.hpp"

namespace belay::extractive {

enum class FactKind : std::uint8_t { path, number, name, identifier, command, word };

struct Token {
  std::string_view text;
  FactKind kind = FactKind::word;
  float worth = 0;       ///< by its looks alone, 0 to 1
  bool opening = false;  ///< begins a sentence or a quotation: a capital means little there
};

/// Appends the tokens of `line` to `out`, words too.
void tokens_of(std::string_view text, Sort sort, std::vector<Token>& out);

}  // namespace belay::extractive
