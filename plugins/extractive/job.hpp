// What a request asks of this provider: an extract, a title, or something that it can't do. How it is recognised stands
// in README.md.
#pragma once

#include <cstdint>
#include <string>

#include "conversation.hpp"
#include "settings.hpp"

namespace belay::extractive {

enum class Job : std::uint8_t { compress, title, refused };

struct Order {
  Job job = Job::refused;
  std::string why;  ///< refused: one sentence for people
};

/// Decides, and takes the instruction itself out of the conversation, so that what is left is what there is to
/// compress.
[[nodiscard]] Order take_order(Conversation& conversation, const Wish& wish, const Settings& settings);

}  // namespace belay::extractive
