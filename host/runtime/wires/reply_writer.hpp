// ReplyWriter: an answer in the caller's wire, made from a plugin's events, streamed and whole.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "belay/event.h"
#include "fallback/trace.hpp"
#include "place.hpp"

namespace belay::runtime::wires {

/// What of the call an answer shows again.
struct Asked {
  std::string id;             ///< of the call: ids of the answer are made from it
  std::int64_t created = 0;   ///< seconds
  std::string model;          ///< the target's, where the plugin tells none
  std::string_view body;      ///< the caller's request
};

class ReplyWriter {
 public:
  /// One event's data, and what of the answer's text is in it.
  using Emit = std::function<void(std::string_view data, std::string_view text)>;

  virtual ~ReplyWriter() = default;
  /// One event that was checked against the grammar; not ERROR, RAW or RESULT.
  virtual void on_event(const belay_event& event) = 0;
  /// The whole answer; after STOP.
  [[nodiscard]] virtual std::string body() const = 0;
  /// Responses: the response so far, for the event that tells that it failed; otherwise empty.
  [[nodiscard]] virtual std::string so_far() const { return {}; }
  /// How many events were made.
  [[nodiscard]] virtual std::int64_t events() const = 0;

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const fallback::Usage& usage() const { return usage_; }

 protected:
  std::string text_;
  fallback::Usage usage_;
};

/// `wire` is not chat.
std::unique_ptr<ReplyWriter> writer_for(Wire wire, const Asked& asked, ReplyWriter::Emit emit);

}  // namespace belay::runtime::wires
