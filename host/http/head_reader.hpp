// HeadReader: header lines, one by one as libcurl hands them out, to a Head.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/client.hpp"

namespace belay::http {

/// libcurl gives up at 300 KB of headers; ours comes first and has its own name.
constexpr std::size_t most_header_bytes = 290u << 10;

class HeadReader {
 public:
  enum class Step : std::uint8_t {
    more,       ///< nothing to do
    head,       ///< the final head is whole
    too_large,  ///< more bytes than allowed
  };

  /// A new reply of at most `limit` bytes of heads and trailers.
  void begin(std::size_t limit);
  /// One line with its line end.
  Step line(std::string_view text);

  /// Of the reply's final head; empty before it.
  [[nodiscard]] const Head& head() const { return head_; }
  /// True from Step::head on.
  [[nodiscard]] bool whole() const { return whole_; }
  /// Gives back the head's memory; a stream may be held for hours.
  void release() { head_ = {}; }

 private:
  void status_line(std::string_view text);
  void field(std::string_view text);

  Head head_;
  std::size_t left_ = 0;
  bool whole_ = false;
};

}  // namespace belay::http
