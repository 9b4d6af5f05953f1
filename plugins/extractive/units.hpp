// What can be put into an extract or left out: one clause each, with the facts in it and what speaks for it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "conversation.hpp"
#include "facts.hpp"
#include "watch.hpp"

namespace belay::extractive {

/// In the order in which they are written; `files` holds no units but a list of paths.
enum class Section : std::uint8_t { goal, decisions, facts, files, questions, state };
inline constexpr std::size_t section_count = 6;

struct Unit {
  std::string_view text;
  std::uint32_t line = 0;  ///< units of one line stand side by side and are joined again
  std::uint32_t turn = 0;
  std::uint32_t first_fact = 0;  ///< into Material::mentions
  std::uint32_t fact_count = 0;
  Section section = Section::facts;
  float source = 1;  ///< how much this place counts
  float cue = 0;     ///< worth beside the facts
  bool picked = false;
};

struct Material {
  std::vector<Unit> units;  ///< in order
  std::vector<std::uint32_t> mentions;
  Facts facts;
};

[[nodiscard]] Material material_of(const Conversation& conversation, Watch& watch);

}  // namespace belay::extractive
