// What is asked of a text before the TOML parser may see it. toml++ 3.3.0 has undefined behaviour on some non-ASCII
// characters outside strings and comments (its issues 190 and 295), and recurses as deep as dotted keys go; neither has
// a place in a sane file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace belay::config {

struct TextFault {
  std::uint32_t line = 0;
  std::uint32_t column = 0;  ///< in characters, as toml++ counts
  std::string problem;
  std::string remedy;
};

/// The first thing in `text` that the parser must not see, or nullopt when it is safe to parse.
std::optional<TextFault> guard_text(std::string_view text);

/// No sane file is larger, and every later cost is bounded by it.
inline constexpr std::size_t file_limit = 1u << 20;

/// Dots in one dotted key or table header.
inline constexpr std::size_t dot_limit = 16;

}  // namespace belay::config
