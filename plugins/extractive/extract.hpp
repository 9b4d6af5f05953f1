// Writes the extract of a conversation: a first line that says what it is, then short sections of verbatim sentences
// and lines.
#pragma once

#include <cstdint>

#include "belay/plugin.hpp"
#include "conversation.hpp"
#include "watch.hpp"

namespace belay::extractive {

struct Length {
  double ratio = .15;            ///< of the conversation's bytes
  std::int64_t max_tokens = -1;  ///< at most so many, of four bytes each; -1: no limit
};

/// Emits it line by line. Never longer than the conversation.
void write_extract(const Conversation& conversation, Length length, sdk::Sink& sink, Watch& watch);

}  // namespace belay::extractive
