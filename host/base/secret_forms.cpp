#include "secret_forms.hpp"

#include <algorithm>
#include <string>

#include "base/hash.hpp"
#include "base/secret.hpp"

namespace belay {
namespace {

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string percent_encoded(std::string_view text, const char* hex) {
  std::string out;
  out.reserve(text.size() * 3);  // at once: a string that grows leaves its content in memory that nobody wipes
  for (const char c : text) {
    if (unreserved(c)) {
      out += c;
    } else {
      out += '%';
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

std::string json_escaped(std::string_view text, bool slash_too) {
  static constexpr std::string_view special = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  std::string out;
  out.reserve(text.size() * 2);
  for (const char c : text) {
    const auto at = special.find(c);
    if (at != std::string_view::npos) {
      out += '\\';
      out += letters[at];
    } else {
      if (c == '/' && slash_too) out += '\\';
      out += c;
    }
  }
  return out;
}

/// The characters of base64(prefix + text) that `text` alone decides, when the prefix has `shift` bytes, modulo 3.
std::string base64_inside(std::string_view text, std::size_t shift) {
  const std::size_t skip = (3 - shift) % 3;  // bytes that share a group of four characters with the prefix
  if (text.size() < skip + 6) return {};
  return base64(text.substr(skip, (text.size() - skip) / 3 * 3));
}

}  // namespace

std::vector<SecretBytes> secret_forms(std::string_view value) {
  std::vector<SecretBytes> forms;
  if (value.size() < shortest_scrubbed) return forms;
  forms.emplace_back(value);
  const auto add = [&forms](std::string form) {
    const bool known =
        std::any_of(forms.begin(), forms.end(), [&](const SecretBytes& other) { return other.view() == form; });
    if (!known && form.size() >= shortest_scrubbed) forms.emplace_back(form);
    wipe(form.data(), form.size());
  };
  add(percent_encoded(value, "0123456789ABCDEF"));
  add(percent_encoded(value, "0123456789abcdef"));
  add(json_escaped(value, false));
  add(json_escaped(value, true));
  for (std::size_t shift = 0; shift < 3; ++shift) add(base64_inside(value, shift));
  return forms;
}

}  // namespace belay
