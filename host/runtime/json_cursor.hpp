// JsonCursor: one pass over a JSON object that checks it and hands out the few values that somebody wants, without building anything. The hot path of same-wire
// replies: large texts of which only a few members matter. It knows plain text only (see below); what it refuses, json::parse() looks at in full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace belay::runtime {

/// Every method that reads a value returns whether the text was well-formed so far; on false the cursor is of no more use. Refused though they are JSON: control
/// characters (line breaks between values among them), exponents, more than 64 levels. Not looked for: names that stand twice in one object.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}
  /// Without control characters and valid UTF-8: what must be known before the first value is read.
  static bool is_plain(std::string_view text);

  /// `take(name)` for each member, the name as written; it reads the value and returns whether to go on.
  template <typename Take>
  bool object(Take take) {
    if (!opens('{')) return false;
    if (closes('}')) return leaves();
    do {
      if (!sees('"') || !string()) return false;
      const std::string_view name = last_string();
      if (!closes(':') || !take(name)) return false;
    } while (closes(','));
    return closes('}') && leaves();
  }
  /// `take(index)` for each element, like object().
  template <typename Take>
  bool array(Take take) {
    if (!opens('[')) return false;
    if (closes(']')) return leaves();
    std::size_t index = 0;
    do {
      if (!take(index++)) return false;
    } while (closes(','));
    return closes(']') && leaves();
  }
  bool skip();
  /// The value as it stands in the text; empty: it is not well-formed.
  std::string_view value();
  /// Whether the value is an object or an array, or another kind of value that begins so.
  [[nodiscard]] bool sees(char first) {
    blanks();
    return at_ != end_ && *at_ == first;
  }
  /// Nothing but blanks is left.
  bool at_end() {
    blanks();
    return at_ == end_;
  }

 private:
  void blanks() {
    while (at_ != end_ && *at_ == ' ') ++at_;
  }
  bool closes(char c) {
    blanks();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool opens(char c) { return levels_++ < most_levels && closes(c); }
  bool leaves() {
    --levels_;
    return true;
  }
  bool string();
  bool escaped();
  bool word(std::string_view word);
  bool digits();
  bool number();
  [[nodiscard]] std::string_view last_string() const { return {string_, static_cast<std::size_t>(at_ - string_ - 1)}; }

  static constexpr int most_levels = 64;

  const char* at_;
  const char* const end_;
  const char* string_ = nullptr;   // where the text of the last string begins
  int levels_ = 0;
};

/// Adds the text of a string, given as it stands in a checked text; false: it is no string.
bool append_text(std::string_view value, std::string& to);
/// A whole number; -1: it is none.
std::int64_t count(std::string_view value);

}  // namespace belay::runtime
