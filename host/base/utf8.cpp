#include "base/utf8.hpp"

#include <algorithm>

#include "bytes.hpp"

namespace belay {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

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
  const auto* const end = p + text.size();
  while (p < end) {
    const auto left = static_cast<std::size_t>(end - p);
    if (left >= block_size && !Block(reinterpret_cast<const char*>(p)).has_high()) {
      p += block_size;
      continue;
    }
    for (const auto* const block_end = p + std::min(left, block_size);
         p < block_end;) {  // the last character may reach into the next block
      const std::size_t size = character(p, static_cast<std::size_t>(end - p));
      if (size == 0) return false;
      p += size;
    }
  }
  return true;
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto* const p = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character(p + at, text.size() - at);
    out.append(size == 0 ? replacement : text.substr(at, size));
    at += std::max<std::size_t>(size, 1);
  }
  return out;
}

std::string_view cut_utf8(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  // A character has at most three bytes after its first; where there are more, the text is no UTF-8 and can be cut
  // anywhere.
  while (end > 0 && limit - end < 4 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, limit - end < 4 ? end : limit);
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
      out += replacement;
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
