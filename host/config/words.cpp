#include "words.hpp"

#include <algorithm>
#include <cctype>

#include "fallback/reason.hpp"

namespace belay::config {
namespace {

bool letter_or_digit(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && letter_or_digit(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_provider_type(std::string_view text) {
  const auto small = [](unsigned char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && text.size() <= 64 && small(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(),
                     [&](unsigned char c) { return small(c) || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

const std::vector<std::string>& capabilities() {
  static const std::vector<std::string> words = {"tools", "vision", "json_schema", "reasoning", "embeddings"};
  return words;
}

const std::vector<std::string>& costs() {
  static const std::vector<std::string> words = {"free", "flat", "metered"};
  return words;
}

const std::vector<std::string>& reasons() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < fallback::reason_count; ++i)
      all.emplace_back(to_string(static_cast<fallback::Reason>(i)));
    return all;
  }();
  return words;
}

const std::vector<std::string>& reason_groups() {
  static const std::vector<std::string> words = {"auth", "capacity", "transport", "model", "any"};
  return words;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace belay::config
