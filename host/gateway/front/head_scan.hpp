// HeadScan: where the head of a request ends, in bytes that come piece by piece. Each byte is looked at once, so a client that sends one byte at a time costs
// no more than any other, and the parser sees a head only when it is whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace belay::gateway {

class HeadScan {
 public:
  enum class Found : std::uint8_t {
    more,      ///< not yet
    end,       ///< end() says where
    no_http,   ///< does not begin as a request may (a TLS hello, for instance)
    bare_lf,   ///< a line that ends without CR (RFC 9112 2.2 lets us refuse it; readers that differ about it are how requests are smuggled)
    folded,    ///< a field on several lines, or white space behind the request line (RFC 9112 5.2, 2.2)
  };

  /// `bytes` begins with the request line; it may only have grown since the last call.
  Found look(std::string_view bytes);
  /// Just behind the empty line.
  [[nodiscard]] std::size_t end() const { return line_; }
  void reset() { at_ = line_ = 0; }

 private:
  std::size_t at_ = 0;    // looked at so far
  std::size_t line_ = 0;  // where the line begins that is being looked at
};

/// A character of a method or field name (RFC 9110 5.6.2).
bool is_token_char(char c);

}  // namespace belay::gateway
