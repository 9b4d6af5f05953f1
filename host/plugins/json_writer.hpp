// Writes one JSON value call by call and notices when names and values don't alternate as they must: belay.json/1's
// writer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace belay::plugins {

class JsonText {
 public:
  void begin(std::uint32_t type);
  void end();
  void name(std::string_view name);
  void string(std::string_view value);
  void integer(std::int64_t value);
  void real(double value);
  void boolean(bool value);
  void null();
  /// One whole value as it is.
  void raw(std::string_view json);
  /// What was given can't be written: the text is never whole.
  void spoil() { broken_ = true; }

  /// True once exactly one whole value was written and nothing went wrong.
  [[nodiscard]] bool whole() const { return !broken_ && levels_.empty() && !text_.empty(); }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  struct Level {
    bool object;
    bool named;  ///< a name was written, its value is due
    bool any;    ///< something stands before the next one
  };
  bool may_add();
  void add(std::string_view value);

  std::string text_;
  std::vector<Level> levels_;
  bool broken_ = false;
};

}  // namespace belay::plugins
