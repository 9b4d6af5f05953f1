#include "json_surrogates.hpp"

#include <cstring>

#include "base/json.hpp"
#include "bytes.hpp"

namespace belay::json {
namespace {

constexpr std::size_t escape = 6;  // characters of \uXXXX

bool hex(char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

enum class Half { none, high, low };

/// What the escape at `at` is, if it is one.
Half half_at(const char* text, std::size_t size, std::size_t at) {
  if (at + escape > size || text[at] != '\\' || text[at + 1] != 'u' || (text[at + 2] | 0x20) != 'd' ||
      !hex(text[at + 4]) || !hex(text[at + 5]))
    return Half::none;
  const char third = static_cast<char>(text[at + 3] | 0x20);
  if (text[at + 3] == '8' || text[at + 3] == '9' || third == 'a' || third == 'b') return Half::high;
  return third >= 'c' && third <= 'f' ? Half::low : Half::none;
}

/// The place of the next "\\u" at or after `at`, or `size`. By blocks, since most backslashes of a conversation are of
/// \n and \".
std::size_t next_unicode_escape(const char* text, std::size_t size, std::size_t at) {
  while (at + block_size < size && !Block(text + at).has_pair('\\', 'u', Block(text + at + 1))) at += block_size;
  for (; at + 1 < size; ++at) {
    if (text[at] == '\\' && text[at + 1] == 'u') return at;
  }
  return size;
}

/// Whether the backslash at `at` is itself escaped: an odd number of them stands before it.
bool is_escaped(const char* text, std::size_t at) {
  std::size_t before = 0;
  while (before < at && text[at - before - 1] == '\\') ++before;
  return before % 2 == 1;
}

}  // namespace

void replace_lone_surrogates(char* text, std::size_t size) {
  const auto* first = static_cast<const char*>(std::memchr(text, '\\', size));  // none at all in an image
  if (first == nullptr) return;
  auto at = static_cast<std::size_t>(first - text);
  while ((at = next_unicode_escape(text, size, at)) < size) {
    const Half half = is_escaped(text, at) ? Half::none : half_at(text, size, at);
    if (half == Half::none) {
      at += 2;
    } else if (half == Half::high && half_at(text, size, at + escape) == Half::low) {
      at += 2 * escape;
    } else {
      std::memcpy(text + at, "\\ufffd", escape);
      at += escape;
    }
  }
}

std::string without_lone_surrogates(std::string_view text) {
  std::string copy(text);
  replace_lone_surrogates(copy.data(), copy.size());
  return copy;
}

}  // namespace belay::json
