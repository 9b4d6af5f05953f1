// Secret: a value that cannot print itself, and the register that keeps every known secret out of text that leaves the process.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace belay {

/// A secret value. Copies, and Secrets of the same value, share one buffer that is wiped when the last copy goes away and that core dumps leave out
/// where the kernel allows it. While any copy lives, `scrub` removes the value from text. Thread-safe like a shared_ptr.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view value);

  /// The value itself: for the wire and for the state store, never for a message.
  [[nodiscard]] std::string_view reveal() const;
  [[nodiscard]] bool empty() const { return reveal().empty(); }

  /// Constant-time in the length of the values.
  friend bool operator==(const Secret& a, const Secret& b);

 private:
  struct Held;
  struct Register;
  friend std::string scrub(std::string_view text);
  friend std::string scrub(std::string&& text);

  std::shared_ptr<const Held> held_;
};

/// Replaces every live secret of at least six bytes in `text` (as it is, percent-encoded, JSON-escaped, or as base64 of "user:secret")
/// by "[secret]". Thread-safe; one pass over the text, meant for error paths and logs.
std::string scrub(std::string_view text);
/// A text in which there is none is handed back as it is, its room with it.
std::string scrub(std::string&& text);
inline std::string scrub(const std::string& text) { return scrub(std::string_view(text)); }
inline std::string scrub(const char* text) { return scrub(std::string_view(text)); }

/// Overwrites memory in a way the compiler may not leave out.
void wipe(void* memory, std::size_t size);

}  // namespace belay
