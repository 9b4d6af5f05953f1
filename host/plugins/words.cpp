#include "words.hpp"

#include <algorithm>
#include <string>

#include "base/origin.hpp"
#include "base/utf8.hpp"
#include "sized.hpp"

namespace belay::plugins {
namespace {

bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool alnum(char c) { return lower(c) || digit(c) || (c >= 'A' && c <= 'Z'); }

/// A lower case letter, then letters, digits and `more`.
bool lower_word(std::string_view text, std::string_view more) {
  return !text.empty() && text.size() <= 64 && lower(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return lower(c) || digit(c) || more.find(c) != std::string_view::npos; });
}

/// The number at the front of `text`, without leading zeros, is taken off.
bool take_number(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), digit);
  const auto size = static_cast<std::size_t>(end - text.begin());
  const bool good = size > 0 && size <= 9 && (size == 1 || text.front() != '0');
  text.remove_prefix(size);
  return good;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

bool provider_type(std::string_view text) { return lower_word(text, "-"); }
bool word(std::string_view text) { return lower_word(text, "_-"); }
bool field_name(std::string_view text) { return lower_word(text, "_"); }

bool wire_name(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || !lower_word(text.substr(0, slash), "._-")) return false;
  text.remove_prefix(slash + 1);
  return take_number(text) && text.empty();
}

bool reverse_dns(std::string_view text) {
  if (text.size() > 200 || text.find('.') == std::string_view::npos) return false;
  for (;;) {
    const auto dot = std::min(text.size(), text.find('.'));
    const auto label = text.substr(0, dot);
    if (label.empty() ||
        !std::all_of(label.begin(), label.end(), [](char c) { return lower(c) || digit(c) || c == '-'; }))
      return false;
    if (dot == text.size()) return true;
    text.remove_prefix(dot + 1);
  }
}

bool semantic_version(std::string_view text) {
  if (text.size() > 100) return false;
  if (!take_number(text) || !take(text, '.') || !take_number(text) || !take(text, '.') || !take_number(text))
    return false;
  if (text.empty()) return true;
  if (text.front() != '-' && text.front() != '+') return false;
  text.remove_prefix(1);
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return alnum(c) || c == '.' || c == '-' || c == '+'; });
}

bool origin_pattern(std::string_view text) {
  const auto wild = text.find("://*.");
  const std::string plain = wild == std::string_view::npos
                                ? std::string(text)
                                : std::string(text.substr(0, wild + 3)) + std::string(text.substr(wild + 5));
  const auto origin = origin_of(plain);
  // Nothing behind the origin: a pattern with a path would promise a narrower binding than the one that is kept.
  return origin && plain.find_first_of("/?#", plain.find("://") + 3) == std::string::npos;
}

bool header_name(std::string_view text) {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && text.size() <= 256 && std::all_of(text.begin(), text.end(), [](char c) {
    return alnum(c) || marks.find(c) != std::string_view::npos;
  });
}

bool header_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

bool one_line(std::string_view text, std::size_t most) {
  return text.size() <= most && valid_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

bool readable_fields(const belay_fields& fields) {
  constexpr std::uint32_t most = 1024;
  if (fields.count == 0) return true;
  if (fields.count > most || !readable_array(fields.at, fields.stride)) return false;
  for (const auto& field : Fields(fields)) {
    if (!readable(field.name) || !readable(field.value)) return false;
  }
  return true;
}

}  // namespace belay::plugins
