// A conversation that came as the text of one message ("Summarise this chat:\n\nUser: ...\nAssistant: ..."), taken
// apart.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "conversation.hpp"

namespace belay::extractive {

struct Transcript {
  std::string_view before;  ///< what stands before the first turn: the instruction
  std::vector<Turn> turns;
};

/// Turns that begin with a role at the start of a line: "User:", "[ASSISTANT]:", "**Human:**", "### Tool", "[TOOL
/// RESULT x]:", "<user>". Empty when there are fewer than two.
[[nodiscard]] Transcript transcript_in(std::string_view text);

}  // namespace belay::extractive
