// ChatMessages: a conversation in the order of another wire, put down as the `messages` of a chat request. Chat wants an assistant's text and its tool calls in one
// message, the results right behind it, and only text in a result.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace belay::runtime::wires {

/// Views are valid until write().
class ChatMessages {
 public:
  enum class Role : std::uint8_t { system, user, assistant, tool };

  /// The next message. An assistant's message goes on until somebody else's begins.
  void begin(Role role);
  /// The result of a tool call.
  void begin_result(std::string_view call);
  void text(std::string_view text);
  /// Of the message that was begun; of a result: of the user message that is put behind all results.
  void image(std::string_view url, std::string_view detail);
  /// One content part that is JSON already.
  void part(std::string json);
  void refusal(std::string_view text);
  void call(std::string_view id, std::string_view name, std::string arguments);

  /// The whole array.
  void write(json::Writer& to);
  [[nodiscard]] bool empty() const { return messages_.empty(); }

 private:
  struct Part {
    std::string_view text;
    std::string json;   // empty: text
  };
  struct Call {
    std::string_view id, name;
    std::string arguments;
  };
  struct Message {
    Role role = Role::user;
    std::string_view answers;   // of a result: the call's id
    std::vector<Part> parts;
    std::vector<Call> calls;
  };

  void add(Part part);
  void place_images();
  static void write(json::Writer& to, const Message& message);
  static void write_content(json::Writer& to, const Message& message);

  std::vector<Message> messages_;
  std::vector<Part> images_;    // of results, for the user message behind them
};

}  // namespace belay::runtime::wires
