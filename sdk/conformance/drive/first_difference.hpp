// Two long texts that ought to be equal, cut down to where they part.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/utf8.hpp"

namespace belay::conform {

/// What each of them has there, printable, with a little of what comes before.
inline std::pair<std::string, std::string> first_difference(std::string_view expected, std::string_view observed) {
  constexpr std::size_t before = 40, shown = 120;
  const auto parted = std::mismatch(expected.begin(), expected.end(), observed.begin(), observed.end());
  const auto at = static_cast<std::size_t>(parted.first - expected.begin());
  const std::size_t from = at > before ? at - before : 0;
  const auto piece = [from](std::string_view text) {
    const std::string_view rest = text.substr(std::min(from, text.size()));
    return (from > 0 ? "..." : "") + printable(rest.substr(0, shown)) + (rest.size() > shown ? "..." : "");
  };
  return {piece(expected), piece(observed)};
}

}  // namespace belay::conform
