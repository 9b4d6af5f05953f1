// Words by which people say that something is decided, open, wanted, broken or achieved. Nothing here knows of any
// particular conversation.
#pragma once

#include <string_view>

namespace belay::extractive {

/// How strongly a piece of text says each; 0: not at all, about 1: clearly.
struct Cues {
  float decision = 0;
  float question = 0;  ///< says that something is open, whatever its mark
  bool asks = false;   ///< ends with a question mark
  float wish = 0;
  float trouble = 0;
  float result = 0;
  float chatter = 0;  ///< "Let me have a look": says what is about to be done and nothing else
};

[[nodiscard]] Cues cues_in(std::string_view text);

}  // namespace belay::extractive
