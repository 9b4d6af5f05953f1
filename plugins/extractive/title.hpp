// A title of at most eight words, all of them the conversation's own.
#pragma once

#include <string>

#include "conversation.hpp"

namespace belay::extractive {

[[nodiscard]] std::string title_of(const Conversation& conversation);

}  // namespace belay::extractive
