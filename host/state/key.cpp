#include "key.hpp"

#include <algorithm>

namespace belay::state {
namespace {

constexpr std::size_t longest_name = 240;  // with ".json.new" below the 255 bytes that file systems allow
constexpr std::string_view suffix = ".json";

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string encoded(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '/') {
      out += '+';
    } else if (plain(c) && !(c == '.' && out.empty())) {  // no hidden files
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += '/';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size() || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0) return std::nullopt;
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    }
  }
  return out;
}

}  // namespace

bool is_area(std::string_view word) {
  for (const char* taken : {"locks", "leases", "salt", "version"}) {  // files of the file backend
    if (word == taken) return false;
  }
  return !word.empty() && word.size() <= 64 &&
         std::all_of(word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

Result<std::string_view> area_of_prefix(std::string_view prefix) {
  const std::string_view area = area_of(prefix);
  if (!is_area(area) || area.size() == prefix.size())
    return fail("a state listing needs an area of lower-case letters and \"/\", such as hold/");
  return area;
}

std::string_view area_of(std::string_view key) { return key.substr(0, key.find('/')); }

Result<std::string> record_path(std::string_view key) {
  const std::string_view area = area_of(key);
  if (!is_area(area) || key.size() < area.size() + 2) {
    return fail("a state key is an area of lower-case letters, \"/\" and a name, such as hold/x; this one is not");
  }
  const std::string name = encoded(key.substr(area.size() + 1));
  if (name.size() > longest_name) {
    return fail("a state key of area \"" + std::string(area) + "\" has " + std::to_string(name.size()) +
                " characters as a file name, at most " + std::to_string(longest_name) + " fit");
  }
  return std::string(area) + '/' + name + std::string(suffix);
}

std::optional<std::string> key_of(std::string_view area, std::string_view file_name) {
  if (file_name.size() <= suffix.size() || file_name.substr(file_name.size() - suffix.size()) != suffix)
    return std::nullopt;
  const std::string_view name = file_name.substr(0, file_name.size() - suffix.size());
  const auto rest = decoded(name);
  if (!rest || encoded(*rest) != name) return std::nullopt;
  return std::string(area) + '/' + *rest;
}

}  // namespace belay::state
