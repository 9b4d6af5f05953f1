#include "json_text.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "bytes.hpp"

namespace belay::json {
namespace {

bool forbidden(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r'; }

/// One look at each byte for most texts: where the blocks of plain ASCII end, that is, without white space other than '
/// ' or anything to check.
std::size_t plain_prefix(std::string_view text) {
  std::size_t at = 0;
  for (; at + block_size <= text.size(); at += block_size) {
    const Block block(text.data() + at);
    if (block.has_high() || block.has_below(0x20)) break;
  }
  return at;
}

bool has_forbidden(std::string_view text) {
  while (text.size() >= block_size) {
    if (Block(text.data()).has_below(0x20) && std::any_of(text.begin(), text.begin() + block_size, forbidden))
      return true;
    text.remove_prefix(block_size);
  }
  return std::any_of(text.begin(), text.end(), forbidden);
}

Error control_character(std::string_view text) {
  const auto at = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), forbidden) - text.begin());
  static constexpr char hex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(text[at]);
  return fail(place(text, at) + "a raw control character; inside a string it is written \\u00" + hex[byte >> 4] +
              hex[byte & 15]);
}

}  // namespace

Result<std::string_view> admit(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes)
    return fail("the text has more than the " + std::to_string(limits.bytes) + " bytes that are read here");
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto rest = text.substr(plain_prefix(text));
  if (!valid_utf8(rest)) return fail("the text is not valid UTF-8");
  if (has_forbidden(rest)) return control_character(text);
  return text;
}

std::string place(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto newline = before.rfind('\n');
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto column = newline == std::string_view::npos ? before.size() + 1 : before.size() - newline;
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
}

}  // namespace belay::json
