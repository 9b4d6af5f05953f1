// Reply: reads what an exchange brings, raw or canonical, and says what it is: content, an error told inside a 200, an end, or no reply at all. It knows
// the commit point; nothing leaves it before that.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "belay/event.h"
#include "completion.hpp"
#include "fallback/classify.hpp"

namespace belay::runtime {

class Reply {
 public:
  /// `emit` gets one event's data for a streaming caller and the text in it; only called after content was seen or the reply is complete.
  using Emit = std::function<void(std::string_view data, std::string_view text)>;

  Reply(bool streamed, bool chat, std::int64_t created, Emit emit);

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
  [[nodiscard]] std::string text() const { return completion_.text; }
  [[nodiscard]] const fallback::Usage& usage() const { return completion_.usage; }

 private:
  bool raw(std::string_view data);
  bool chunk(const json::Value& chunk, std::string_view data);
  bool whole(const json::Value& value, std::string_view data);
  bool canonical(const belay_event& event);
  bool deliver(std::string_view data, std::string_view text, bool content);
  void commit();
  void told(const json::Value& error, std::string_view data);
  void no_reply(std::string why);

  const bool streamed_, chat_;
  const Emit emit_;
  Completion completion_;
  std::vector<std::pair<std::string, std::string>> pending_;   // before the commit point: data, text
  std::size_t pending_bytes_ = 0;
  bool committed_ = false, over_ = false, finished_ = false, any_choice_ = false, chunked_ = false, usage_sent_ = false;
  std::optional<Error> error_;
  std::string body_;
};

}  // namespace belay::runtime
