#include "json_number.hpp"

#include <charconv>
#include <system_error>

#include "json_scan.hpp"

namespace belay::json {
namespace {

template <typename T>
std::errc read(std::string_view text, T& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value).ec;
}

/// Of a number out of range: whether it is beyond the largest double, not below the smallest.
bool is_large(std::string_view text) {
  const auto digits = text.starts_with('-') ? text.substr(1) : text;
  const auto exponent_at = digits.find_first_of("eE");
  if (exponent_at == std::string_view::npos) return !digits.starts_with('0');
  auto exponent = digits.substr(exponent_at + 1);
  return !exponent.starts_with('-');
}

}  // namespace

std::optional<Number> read_number(std::string_view text) {
  if (text.find_first_of(".eE") == std::string_view::npos) {
    std::int64_t number = 0;
    if (read(text, number) == std::errc{}) return number;
    std::uint64_t larger = 0;
    if (!text.starts_with('-') && read(text, larger) == std::errc{}) return larger;
  }
  double real = 0;
  if (read(text, real) == std::errc{}) return real;
  return is_large(text) ? std::nullopt : std::optional<Number>(text.starts_with('-') ? -0.0 : 0.0);
}

bool scan::fits(const char* text, std::size_t size) {
  constexpr std::size_t safe = 300;  // digits that a double has room for
  const std::string_view number(text, size);
  return (size <= safe && number.find_first_of("eE") == std::string_view::npos) || read_number(number).has_value();
}

}  // namespace belay::json
