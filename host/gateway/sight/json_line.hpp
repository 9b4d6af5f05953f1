// JsonLine: one flat JSON object as one line, written straight into room that is kept. What goes to a log with every request is
// worth a writer that touches each byte once; all other JSON is written by base/json.hpp.
#pragma once

#include <bit>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace belay::gateway::sight {

/// Names are literals: plain words. Begin, members, end; then view().
class JsonLine {
 public:
  void begin() {
    size_ = 0;
    first_ = true;
    room(1)[0] = '{';
    ++size_;
  }

  /// Left out when empty. `value` is UTF-8.
  template <std::size_t Size>
  void text(const char (&name)[Size], std::string_view value) {
    if (value.empty()) return;
    if (!plain(value)) return escaped(name, value);
    char* at = key(name, value.size() + 2);
    *at++ = '"';
    std::memcpy(at, value.data(), value.size());
    at[value.size()] = '"';
    taken(at + value.size() + 1);
  }

  template <std::size_t Size>
  void number(const char (&name)[Size], std::int64_t value) {
    char* const at = key(name, digits);
    taken(std::to_chars(at, at + digits, value).ptr);
  }

  template <std::size_t Size>
  void flag(const char (&name)[Size], bool value) {
    const std::string_view word = value ? "true" : "false";
    char* const at = key(name, word.size());
    std::memcpy(at, word.data(), word.size());
    taken(at + word.size());
  }

  /// A length of time, not negative, in `Unit`s with three digits behind the point.
  template <typename Unit, std::size_t Size>
  void thousandths(const char (&name)[Size], std::chrono::nanoseconds value) {
    constexpr auto part = static_cast<std::uint64_t>(std::chrono::nanoseconds(Unit(1)).count()) / 1000;
    const std::uint64_t parts = (static_cast<std::uint64_t>(value.count()) + part / 2) / part;
    char* at = key(name, digits + 4);
    at = std::to_chars(at, at + digits, parts / 1000).ptr;
    *at++ = '.';
    taken(three_digits(at, static_cast<unsigned>(parts % 1000)));
  }

  /// A value that `write` puts where it is told, at most `most` bytes, and gives the end of: a text without quotes in it.
  template <std::size_t Size, typename Write>
  void written(const char (&name)[Size], std::size_t most, Write write) {
    char* at = key(name, most + 2);
    *at++ = '"';
    at = write(at);
    *at++ = '"';
    taken(at);
  }

  void end() {
    std::memcpy(room(2), "}\n", 2);
    size_ += 2;
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.get(), size_}; }

  static char* three_digits(char* at, unsigned value) {
    at[0] = static_cast<char>('0' + value / 100);
    at[1] = static_cast<char>('0' + value / 10 % 10);
    at[2] = static_cast<char>('0' + value % 10);
    return at + 3;
  }

 private:
  static constexpr std::size_t digits = 20;

  /// Nothing in it needs an escape (RFC 8259, section 7). Eight bytes at a time.
  static bool plain(std::string_view text) {
    constexpr std::uint64_t ones = 0x0101010101010101, high = 0x8080808080808080;
    const auto zero = [](std::uint64_t word) { return (word - ones) & ~word; };   // its high bits: which bytes are 0, and maybe ones above those
    std::uint64_t found = 0, word = 0;
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left >= sizeof word; at += sizeof word, left -= sizeof word) {
      std::memcpy(&word, at, sizeof word);
      found |= zero(word ^ ones * '"') | zero(word ^ ones * '\\') | ((word - ones * 0x20) & ~word);
    }
    word = ones * 'x';
    std::memcpy(&word, at, left);
    found |= zero(word ^ ones * '"') | zero(word ^ ones * '\\') | ((word - ones * 0x20) & ~word);
    return (found & high) == 0;
  }

  void escaped(std::string_view name, std::string_view value) {
    const std::string quoted = json::quoted(value);
    char* at = room(name.size() + quoted.size() + 4);
    *at++ = first_ ? '"' : ',';
    if (!first_) *at++ = '"';
    first_ = false;
    std::memcpy(at, name.data(), name.size());
    at += name.size();
    *at++ = '"';
    *at++ = ':';
    std::memcpy(at, quoted.data(), quoted.size());
    taken(at + quoted.size());
  }

  /// Writes the name; room for `more` behind it.
  template <std::size_t Size>
  char* key(const char (&name)[Size], std::size_t more) {
    char* at = room(Size + 3 + more);
    if (!first_) *at++ = ',';
    first_ = false;
    *at++ = '"';
    std::memcpy(at, name, Size - 1);
    at += Size - 1;
    *at++ = '"';
    *at++ = ':';
    return at;
  }

  char* room(std::size_t size) {
    if (capacity_ - size_ < size) grow(size);
    return bytes_.get() + size_;
  }
  void grow(std::size_t size) {
    capacity_ = std::bit_ceil(size_ + size + 1024);
    auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
  }
  void taken(const char* end) { size_ = static_cast<std::size_t>(end - bytes_.get()); }

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0, size_ = 0;
  bool first_ = true;
};

}  // namespace belay::gateway::sight
