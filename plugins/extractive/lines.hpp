// Turns taken apart into what is kept or left as one: sentences of prose, lines of everything else.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "conversation.hpp"
#include "watch.hpp"

namespace belay::extractive {

enum class Sort : std::uint8_t { sentence, heading, code, output };

struct Line {
  std::string_view text;  ///< of the turn, without list marks and white space around
  std::uint32_t turn;
  Sort sort;
};

/// In order. Lines of tools and code that were there before, byte for byte, are left out; very long ones are cut to
/// their beginning.
[[nodiscard]] std::vector<Line> lines_of(const Conversation& conversation, Watch& watch);

/// A long line's clauses, of some 25 to 160 bytes, which together are the line; a short line is its own.
[[nodiscard]] std::vector<std::string_view> clauses_of(const Line& line);

}  // namespace belay::extractive
