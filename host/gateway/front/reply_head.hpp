// The head of a reply, written in one go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "front/front.hpp"

namespace belay::gateway {

/// "Date: Wed, 25 Nov 2026 04:50:05 GMT" with its line end, made once a second.
class DateLine {
 public:
  /// `now` is the loop's.
  std::string_view at(MonoTime now);

 private:
  std::string line_;
  MonoTime until_{};
};

struct ReplyShape {
  enum class Body : std::uint8_t { none, sized, chunked, until_close };
  Body body = Body::sized;
  std::size_t size = 0;
  enum class After : std::uint8_t { keep, say_keep, close };
  After after = After::keep;            ///< say_keep: to HTTP/1.0, where closing is the rule
  std::string_view origin;              ///< CORS for this origin; empty: none
};

/// Fields that are the front's own are left out, and control characters in values become spaces, so that no value can end its line.
void append_reply_head(std::string& out, int status, std::span<const Field> fields, const ReplyShape& shape, std::string_view date_line);

/// 1xx, 204 and 304 have no body (RFC 9110 6.4.1).
bool has_body(int status);

}  // namespace belay::gateway
