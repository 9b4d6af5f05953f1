// Server-sent events (WHATWG HTML 9.2.6) as a push parser: any split gives the same events, sizes are capped
// byte-exactly.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace belay::http {

/// One dispatched event. Views are valid during the callback.
struct SseEvent {
  std::string_view event;  ///< "" when not named
  std::string_view data;   ///< data lines joined by \n
  std::string_view id;     ///< of this event, or of the last one before it that had an id
};

/// LF, CRLF and CR line ends, a BOM at the start, comments and unknown fields are handled as the standard says. Differs
/// from it in one point: an event without its blank line at the end of the stream is dispatched by finish(), since
/// servers forget it.
class SseParser {
 public:
  /// `limit`: bytes of one event with its field names, comments and line ends; the blank line after it is not counted.
  explicit SseParser(std::size_t limit = 16u << 20);

  /// Calls `sink` for each event completed by `piece`. An event that lies whole in `piece` is not copied (several data
  /// lines are, to join them). An error (event over the limit) is final. `sink` does not call the parser.
  Result<void> feed(std::string_view piece, const std::function<void(const SseEvent&)>& sink);
  /// The stream ended: dispatches what is complete but for its blank line. Only an error afterwards.
  Result<void> finish(const std::function<void(const SseEvent&)>& sink);

 private:
  using Sink = std::function<void(const SseEvent&)>;

  /// The unfinished event while a piece is being read: views into the piece, into carry_, or into data_ and event_.
  struct Open {
    std::string_view data, event;
  };

  std::string_view settle_bom(std::string_view piece);
  Result<void> line(std::string_view text, std::size_t line_end, Open& open, const Sink& sink);
  void field(std::string_view text, Open& open);
  void add_data(std::string_view value, Open& open);
  void dispatch(Open& open, const Sink& sink);
  void keep(Open& open);
  Error too_large();

  std::string carry_;         // an unfinished line
  std::string data_, event_;  // of an event that spans pieces or has several data lines
  std::string id_;
  std::size_t limit_;
  std::size_t size_ = 0;   // whole lines of the unfinished event
  std::size_t bom_ = 0;    // bytes of a BOM seen at the start; 3: that question is settled
  bool after_cr_ = false;  // the last piece ended in CR: an LF now belongs to it
  bool blank_ = false;     // ... and that CR ended a blank line
  bool any_ = false;       // the unfinished event has data
  bool dead_ = false;
};

}  // namespace belay::http
