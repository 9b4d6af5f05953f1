// Server-sent events (WHATWG HTML 9.2.6) as a push parser: any split gives the same events, sizes are capped byte-exactly.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace belay::http {

/// One dispatched event. Views are valid during the callback.
struct SseEvent {
  std::string_view event;   ///< "" when not named
  std::string_view data;    ///< data lines joined by \n
  std::string_view id;
};

/// LF, CRLF and CR line ends, a BOM at the start, comments and unknown fields are handled as the standard says. Differs from it in one point:
/// an event without its blank line at the end of the stream is dispatched by finish(), since servers forget it.
class SseParser {
 public:
  /// `limit`: bytes of one event, field names and line ends included.
  explicit SseParser(std::size_t limit = 16u << 20);

  /// Calls `sink` for each event completed by `piece`. An event that lies whole in `piece` is not copied. An error (event over the limit)
  /// is final.
  Result<void> feed(std::string_view piece, const std::function<void(const SseEvent&)>& sink);
  Result<void> finish(const std::function<void(const SseEvent&)>& sink);

 private:
  std::string carry_, data_, event_, id_;
  std::size_t limit_, size_ = 0;
  bool start_ = true, after_cr_ = false, dead_ = false, any_ = false;
};

}  // namespace belay::http
