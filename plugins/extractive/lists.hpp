// What no sentence brought into the extract is told in lists, for fewer bytes: paths, names, figures with the words
// before them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "facts.hpp"

namespace belay::extractive {

/// figures: numbers in their context, and identifiers.
enum class List : std::uint8_t { paths, names, figures };

inline constexpr std::string_view list_separator = "; ";

/// The most important facts of that kind that are not covered yet, of at most `bytes` with separators, in the order of
/// the conversation; they are covered then.
[[nodiscard]] std::vector<std::string_view> take_list(Facts& facts, List list, std::size_t bytes);

}  // namespace belay::extractive
