// Reply: reads what an exchange brings, raw or canonical, and says what it is: content, an error told inside a 200, an end, or no reply at all. It knows
// the commit point; nothing leaves it before that.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "belay/event.h"
#include "completion.hpp"
#include "fallback/classify.hpp"
#include "wires/raw_reader.hpp"
#include "wires/reply_writer.hpp"

namespace belay::runtime {

class Reply {
 public:
  /// `emit` gets one event's data for a streaming caller and the text in it; only called after content was seen or the reply is complete.
  using Emit = std::function<void(std::string_view data, std::string_view text)>;

  struct Setup {
    bool streamed = false;              ///< the caller wants events
    bool chat = true;                   ///< otherwise the reply is one body that isn't looked into
    bool own_wire = true;               ///< the plugin speaks the caller's wire; otherwise its events are canonical
    bool usage_chunk = false;           ///< the caller of a chat stream wants its usage as a chunk
    wires::Wire wire = wires::Wire::chat;
    wires::Asked asked = {};            ///< for answers that are translated
  };
  Reply(const Setup& setup, Emit emit);

  /// One event of the plugin, already checked against the grammar. Returns true when it was progress (content).
  bool on_event(const belay_event& event);
  /// No more comes. `whole`: the transport ended as it should.
  void end(bool whole);

  [[nodiscard]] bool committed() const { return committed_; }
  /// The end mark was seen: what follows is ignored.
  [[nodiscard]] bool over() const { return over_; }
  /// A finish reason was seen: the answer is whole, whatever the transport does.
  [[nodiscard]] bool finished() const { return finished_ || over_; }
  /// An error was told, or this is no reply. Set by on_event() or end().
  struct Error {
    bool told = false;               ///< upstream said so (an error object or event); otherwise it is just no reply
    fallback::ErrorText text;
    std::string body;                ///< of a told error, as it came
    std::string why;                 ///< of no reply
  };
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  [[nodiscard]] const std::string& body() const { return body_; }
  /// At the end: the answer and its text without a copy.
  [[nodiscard]] std::string take_body() { return std::move(body_); }
  [[nodiscard]] std::string take_text() { return writer_ ? writer_->text() : std::move(completion_.text); }
  [[nodiscard]] const std::string& text() const { return writer_ ? writer_->text() : completion_.text; }
  [[nodiscard]] const fallback::Usage& usage() const { return writer_ ? writer_->usage() : reader_ ? reader_->usage() : completion_.usage; }
  /// Streamed Responses: the response so far, and the number of the next event.
  [[nodiscard]] std::string so_far() const { return writer_ ? writer_->so_far() : reader_ ? reader_->so_far() : std::string(); }
  [[nodiscard]] std::int64_t events() const { return writer_ ? writer_->events() : reader_ ? reader_->events() : 0; }

 private:
  bool raw(std::string_view data);
  std::optional<bool> plain_chunk(std::string_view data);
  bool plain_whole(std::string_view data);
  bool chunk(const json::Value& chunk, std::string_view data);
  bool whole(const json::Value& value, std::string_view data);
  bool of_other_wire(const json::Value& event, std::string_view data);
  bool canonical(const belay_event& event);
  bool deliver(std::string_view data, std::string_view text, bool content);
  void commit();
  void told(const json::Value& error, std::string_view data);
  void no_reply(std::string why);

  const bool streamed_, chat_, usage_chunk_;
  const Emit emit_;
  std::unique_ptr<wires::RawReader> reader_;      // of raw replies that aren't chat
  std::unique_ptr<wires::ReplyWriter> writer_;    // of answers that are translated
  bool content_now_ = false;                      // what the writer makes of the event at hand is content
  Completion completion_;
  std::vector<std::pair<std::string, std::string>> pending_;   // before the commit point: data, text
  std::size_t pending_bytes_ = 0;
  bool committed_ = false, over_ = false, finished_ = false, any_choice_ = false, chunked_ = false;
  std::optional<Error> error_;
  std::string body_;
};

}  // namespace belay::runtime
