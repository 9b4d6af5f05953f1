#include "json_cursor.hpp"

#include <cctype>
#include <charconv>
#include <cstring>

#include "base/json.hpp"
#include "base/utf8.hpp"

namespace belay::runtime {
namespace {

/// Eight bytes at a time.
bool has_control(std::string_view text) {
  constexpr std::uint64_t each = 0x0101010101010101u;
  std::size_t at = 0;
  std::uint64_t found = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    found |= (eight - each * 0x20) & ~eight & (each * 0x80);   // the high bit of a byte below 0x20
  }
  for (; at < text.size(); ++at) found |= static_cast<unsigned char>(text[at]) < 0x20 ? 1 : 0;
  return found != 0;
}

}  // namespace

bool JsonCursor::is_plain(std::string_view text) { return !has_control(text) && valid_utf8(text); }

bool JsonCursor::skip() {
  blanks();
  if (at_ == end_) return false;
  switch (*at_) {
    case '"': return string();
    case '{': return object([this](std::string_view) { return skip(); });
    case '[': return array([this](std::size_t) { return skip(); });
    case 't': return word("true");
    case 'f': return word("false");
    case 'n': return word("null");
    default: return number();
  }
}

std::string_view JsonCursor::value() {
  blanks();
  const char* const begin = at_;
  return skip() ? std::string_view(begin, static_cast<std::size_t>(at_ - begin)) : std::string_view();
}

bool JsonCursor::string() {
  constexpr int most_of_a_name = 16;   // what is longer is looked through many bytes at a time
  string_ = ++at_;
  for (int i = 0; i < most_of_a_name && at_ != end_; ++i, ++at_) {
    if (*at_ == '"') return ++at_, true;
    if (*at_ == '\\') break;
  }
  for (;;) {
    const auto* const quote = static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
    if (quote == nullptr) return false;
    const auto* const escape = static_cast<const char*>(std::memchr(at_, '\\', static_cast<std::size_t>(quote - at_)));
    at_ = escape == nullptr ? quote + 1 : escape + 1;
    if (escape == nullptr) return true;
    if (!escaped()) return false;
  }
}

/// Behind the backslash; there is a quote behind it at least.
bool JsonCursor::escaped() {
  const char c = *at_++;
  if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
  for (int i = 0; i < 4; ++i, ++at_) {
    if (at_ == end_ || std::isxdigit(static_cast<unsigned char>(*at_)) == 0) return false;
  }
  return true;
}

bool JsonCursor::word(std::string_view word) {
  if (std::string_view(at_, static_cast<std::size_t>(end_ - at_)).substr(0, word.size()) != word) return false;
  at_ += word.size();
  return true;
}

bool JsonCursor::digits() {
  const char* const begin = at_;
  while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
  return at_ != begin;
}

bool JsonCursor::number() {
  if (*at_ == '-') ++at_;
  const bool zero = at_ != end_ && *at_ == '0';
  const char* const first = at_;
  if (!digits() || (zero && at_ - first > 1)) return false;
  if (at_ != end_ && *at_ == '.' && (++at_, !digits())) return false;
  return at_ == end_ || (*at_ != 'e' && *at_ != 'E');   // whether an exponent fits into a double, only the parser knows
}

bool append_text(std::string_view value, std::string& to) {
  if (!value.starts_with('"')) return false;
  if (value.find('\\') == std::string_view::npos) {
    to.append(value.substr(1, value.size() - 2));
    return true;
  }
  const auto decoded = json::parse(value);
  if (!decoded || !decoded->IsString()) return false;
  to.append(json::view(*decoded));
  return true;
}

std::int64_t count(std::string_view value) {
  std::int64_t out = -1;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
  return error == std::errc{} && end == value.data() + value.size() ? out : -1;
}

}  // namespace belay::runtime
