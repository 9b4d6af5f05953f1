#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace belay {
namespace {

/// Bytes of the well-formed character at `p` (RFC 3629 section 4), 0 when there is none.
std::size_t character(const unsigned char* p, std::size_t left) {
  const unsigned char a = p[0];
  const auto tail = [&](std::size_t i) { return i < left && (p[i] & 0xc0) == 0x80; };
  if (a < 0x80) return 1;
  if (a < 0xc2) return 0;
  if (a < 0xe0) return tail(1) ? 2 : 0;
  if (a < 0xf0) {
    if (!tail(1) || !tail(2)) return 0;
    if ((a == 0xe0 && p[1] < 0xa0) || (a == 0xed && p[1] > 0x9f)) return 0;
    return 3;
  }
  if (a > 0xf4 || !tail(1) || !tail(2) || !tail(3)) return 0;
  if ((a == 0xf0 && p[1] < 0x90) || (a == 0xf4 && p[1] > 0x8f)) return 0;
  return 4;
}

}  // namespace

bool valid_utf8(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t left = text.size();
  while (left > 0) {
    if (left >= 16) {  // 16 bytes of ASCII at a time
      std::uint64_t words[2];
      std::memcpy(words, p, 16);
      if (((words[0] | words[1]) & 0x8080808080808080ULL) == 0) {
        p += 16;
        left -= 16;
        continue;
      }
    }
    const std::size_t size = character(p, left);
    if (size == 0) return false;
    p += size;
    left -= size;
  }
  return true;
}

std::string_view cut_utf8(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  return text.substr(0, limit);
}

std::string printable(std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out;
  out.reserve(text.size());
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character(p + at, text.size() - at);
    const bool control = size == 1 && (p[at] < 0x20 || p[at] == 0x7f);
    const bool c1 = size == 2 && p[at] == 0xc2 && p[at + 1] < 0xa0;
    if (size == 0) {
      out += "\xef\xbf\xbd";
      ++at;
    } else if (control || c1) {
      const unsigned char byte = p[at + size - 1];
      out += "\\x";
      out += hex[byte >> 4];
      out += hex[byte & 15];
      at += size;
    } else {
      out.append(text.substr(at, size));
      at += size;
    }
  }
  return out;
}

}  // namespace belay
