#include "json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "base/json.hpp"
#include "belay/ext/json.h"

namespace belay::plugins {
namespace {

constexpr std::size_t most_levels = 96;
constexpr std::size_t longest = std::size_t{64} << 20;

}  // namespace

/// Whether a value may stand here; puts the comma.
bool JsonText::may_add() {
  const bool second = levels_.empty() && !text_.empty();
  const bool nameless = !levels_.empty() && levels_.back().object && !levels_.back().named;
  if (broken_ || second || nameless || text_.size() > longest) {
    broken_ = true;
    return false;
  }
  if (!levels_.empty()) {
    if (!levels_.back().object && levels_.back().any) text_ += ',';
    levels_.back().any = true;
    levels_.back().named = false;
  }
  return true;
}

void JsonText::add(std::string_view value) {
  if (may_add()) text_ += value;
}

void JsonText::begin(std::uint32_t type) {
  if ((type != BELAY_JSON_ARRAY && type != BELAY_JSON_OBJECT) || levels_.size() == most_levels) broken_ = true;
  if (!may_add()) return;
  text_ += type == BELAY_JSON_OBJECT ? '{' : '[';
  levels_.push_back({type == BELAY_JSON_OBJECT, false, false});
}

void JsonText::end() {
  if (broken_ || levels_.empty() || levels_.back().named) {
    broken_ = true;
    return;
  }
  text_ += levels_.back().object ? '}' : ']';
  levels_.pop_back();
}

void JsonText::name(std::string_view name) {
  if (broken_ || levels_.empty() || !levels_.back().object || levels_.back().named) {
    broken_ = true;
    return;
  }
  if (levels_.back().any) text_ += ',';
  text_ += json::quoted(name) + ':';
  levels_.back().named = true;
}

void JsonText::string(std::string_view value) { add(json::quoted(value)); }
void JsonText::integer(std::int64_t value) { add(std::to_string(value)); }
void JsonText::boolean(bool value) { add(value ? "true" : "false"); }
void JsonText::null() { add("null"); }

void JsonText::real(double value) {
  if (!std::isfinite(value)) broken_ = true;  // JSON has no word for it
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  add({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void JsonText::raw(std::string_view json) {
  if (!json::parse(json)) broken_ = true;
  add(json);
}

}  // namespace belay::plugins
