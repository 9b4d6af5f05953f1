// SPDX-License-Identifier: 0BSD
//
// The line between C++ and the ABI for texts and statuses: views in both directions, Status for what a function
// answers, Error for what a constructor throws, and the one place that writes into a text of the host.
#pragma once

#include <cstdint>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "belay/plugin.h"

namespace belay::sdk {

[[nodiscard]] constexpr std::string_view view(belay_str text) noexcept {
  return text.len == 0 ? std::string_view() : std::string_view(text.ptr, text.len);
}

[[nodiscard]] inline std::string_view view(belay_bytes bytes) noexcept {
  return bytes.len == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
}

[[nodiscard]] constexpr belay_str str(std::string_view text) noexcept { return {text.data(), text.size()}; }

[[nodiscard]] inline belay_bytes bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// What a function of a provider answers: OK, STOP, or a failure with one sentence for people (never a secret, P20).
/// `return {};` is OK.
struct [[nodiscard]] Status {
  belay_status code = BELAY_OK;
  std::string text;

  Status() = default;
  Status(belay_status status) noexcept : code(status) {}  // NOLINT: `return BELAY_STOP;` reads as it should
  Status(belay_status status, std::string sentence) : code(status), text(std::move(sentence)) {}

  [[nodiscard]] bool ok() const noexcept { return code >= 0; }
};

/// Thrown where there is nothing to return, in a constructor above all: crosses into the ABI as its status and text.
class Error : public std::exception {
 public:
  Error(belay_status status, std::string sentence)
      : status_(status < 0 ? status : BELAY_ERR_INTERNAL), text_(std::move(sentence)) {}
  [[nodiscard]] belay_status status() const noexcept { return status_; }
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  belay_status status_;
  std::string text_;
};

/// The longest beginning of `text` with at most `limit` bytes that does not cut a character.
[[nodiscard]] inline std::string_view cut(std::string_view text, std::size_t limit) noexcept {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return text.substr(0, limit);
}

namespace detail {

/// How many bytes the character at `at` has; 0: there is none (RFC 3629).
[[nodiscard]] inline std::size_t character_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return lead == 0 ? 0 : 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool beyond = (lead == 0xED && byte(1) >= 0xA0) || (lead == 0xF4 && byte(1) >= 0x90);
  return overlong || beyond ? 0 : size;
}

}  // namespace detail

/// Writes into memory of the host: at most its room, cut on a character. Texts of upstream's may be anything: a byte that belongs to no character
/// becomes a question mark (P14).
inline void put(belay_text& to, std::string_view text) noexcept {
  if (to.ptr == nullptr || to.cap == 0) return;
  const std::string_view fitting = cut(text, to.cap);
  for (std::size_t at = 0; at < fitting.size();) {
    const std::size_t size = detail::character_at(fitting, at);
    std::memcpy(to.ptr + at, size == 0 ? "?" : fitting.data() + at, size == 0 ? 1 : size);
    at += size == 0 ? 1 : size;
  }
  to.len = static_cast<std::uint32_t>(fitting.size());
}

inline void put(belay_error* error, std::string_view text) noexcept {
  if (error != nullptr && BELAY_HAS(error, belay_error, text)) put(error->text, text);
}

}  // namespace belay::sdk
