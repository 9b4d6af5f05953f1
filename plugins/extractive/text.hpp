// Bytes and words. All texts are UTF-8; what is asked of a character here is asked of ASCII alone, so no cut made by
// these can split one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace belay::extractive {

[[nodiscard]] constexpr bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_alpha(char c) noexcept { return is_upper(c) || is_lower(c); }
[[nodiscard]] constexpr bool is_alnum(char c) noexcept { return is_alpha(c) || is_digit(c); }
/// A byte of a character beyond ASCII: part of a word as far as we know.
[[nodiscard]] constexpr bool is_wide(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }
[[nodiscard]] constexpr char lower(char c) noexcept { return is_upper(c) ? static_cast<char>(c + 32) : c; }

[[nodiscard]] inline std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// FNV-1a over the text in lower case: the identity of a word or fact.
inline constexpr std::uint64_t hash_seed = 1469598103934665603ull;
[[nodiscard]] constexpr std::uint64_t hash(std::string_view text, std::uint64_t from = hash_seed) noexcept {
  for (const char c : text) from = (from ^ static_cast<unsigned char>(lower(c))) * 1099511628211ull;
  return from;
}

/// Whether `word` is in a list, as written; is_one_of_lower(): whatever its case.
template <std::size_t N>
[[nodiscard]] constexpr bool is_one_of(std::string_view word, const std::string_view (&list)[N]) noexcept {
  for (const auto known : list) {
    if (known == word) return true;
  }
  return false;
}
template <std::size_t N>
[[nodiscard]] constexpr bool is_one_of_lower(std::string_view word, const std::string_view (&list)[N]) noexcept {
  for (const auto known : list) {
    if (known.size() == word.size() && hash(known) == hash(word)) return true;
  }
  return false;
}

/// Takes the next line off `rest`, without its end.
[[nodiscard]] constexpr std::string_view take_line(std::string_view& rest) noexcept {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

/// Appends `text` with every run of white space as one space.
inline void append_flat(std::string& out, std::string_view text) {
  bool gap = false;
  for (const char c : text) {
    if (is_space(c)) {
      gap = true;
      continue;
    }
    if (gap && !out.empty() && out.back() != ' ') out += ' ';
    gap = false;
    out += c;
  }
}

}  // namespace belay::extractive
