#include "text_width.hpp"

#include <locale.h>
#include <wchar.h>

#include <cstdint>
#include <string>

namespace belay::cli {
namespace {

struct Character {
  std::size_t bytes = 1;
  std::size_t columns = 1;
};

// The C library knows Unicode's widths, but only in a locale of that character set; ours may be another. One is made
// for the purpose, when the first text that is not ASCII asks for it.
std::size_t columns_of(std::uint32_t code) {
  static const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (unicode == nullptr) return 1;
  const locale_t before = uselocale(unicode);
  const int width = wcwidth(static_cast<wchar_t>(code));
  uselocale(before);
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t n) { return static_cast<unsigned char>(text[at + n]); };
  const std::size_t size = byte(0) < 0x80   ? 1
                           : byte(0) < 0xc2 ? 0
                           : byte(0) < 0xe0 ? 2
                           : byte(0) < 0xf0 ? 3
                           : byte(0) < 0xf5 ? 4
                                            : 0;
  if (size <= 1 || at + size > text.size()) return {};
  std::uint32_t code = byte(0) & (0xffU >> (size + 1));
  for (std::size_t n = 1; n < size; ++n) {
    if ((byte(n) & 0xc0U) != 0x80) return {};
    code = (code << 6U) | (byte(n) & 0x3fU);
  }
  return {size, columns_of(code)};
}

/// How many bytes of `text` fit into `width` columns.
std::size_t fitting(std::string_view text, std::size_t width) {
  std::size_t at = 0, used = 0;
  while (at < text.size()) {
    const Character next = character_at(text, at);
    if (used + next.columns > width) break;
    used += next.columns;
    at += next.bytes;
  }
  return at;
}

/// Where to break `text` at or before `end`: at a space, else behind a part of a name or an address, else right there.
std::size_t break_before(std::string_view text, std::size_t end) {
  const std::size_t space = text[end] == ' ' ? end : text.substr(0, end).rfind(' ');
  if (space != std::string_view::npos && space > 0) return space;
  const std::size_t part = text.substr(0, end).find_last_of("/#");
  return part != std::string_view::npos && part >= end / 3 ? part + 1 : end;
}

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t sum = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character next = character_at(text, at);
    sum += next.columns;
    at += next.bytes;
  }
  return sum;
}

std::string shortened(std::string_view text, std::size_t width, bool unicode) {
  if (fitting(text, width) == text.size()) return std::string(text);
  const std::string_view mark = unicode ? "…" : "...";
  const std::size_t mark_columns = unicode ? 1 : 3;
  if (width <= mark_columns) return std::string(text.substr(0, fitting(text, width)));
  return std::string(text.substr(0, fitting(text, width - mark_columns))) + std::string(mark);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  if (width == 0) width = 1;
  while (true) {
    std::size_t end = fitting(text, width);
    if (end == text.size()) {
      lines.emplace_back(text);
      return lines;
    }
    if (end == 0) end = character_at(text, 0).bytes;  // a wide character in a column of one
    end = break_before(text, end);
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    const std::size_t next = text.find_first_not_of(' ');
    text.remove_prefix(next == std::string_view::npos ? text.size() : next);
    if (text.empty()) return lines;
  }
}

std::string padded(std::string_view text, std::size_t width, Side side) {
  const std::size_t used = columns(text);
  const std::string space(used < width ? width - used : 0, ' ');
  return side == Side::left ? std::string(text) + space : space + std::string(text);
}

}  // namespace belay::cli
