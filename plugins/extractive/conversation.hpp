// A request as this provider sees it: turns of text by somebody, and what the caller wants of the answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "belay/cpp/json.hpp"

namespace belay::extractive {

enum class Role : std::uint8_t { system, user, assistant, tool };

/// prose: what a person or model said. output: what a tool printed. call: arguments that a model gave to a tool.
enum class Kind : std::uint8_t { prose, output, call };

struct Turn {
  Role role = Role::user;
  Kind kind = Kind::prose;
  std::string_view text;  ///< into the document or `Conversation::own`
};

struct Conversation {
  std::vector<Turn> turns;
  std::deque<std::string> own;  ///< texts that are not in the document as they are; a deque, so that views stay good
  std::size_t messages = 0;     ///< of the request, whatever is in them
  std::size_t bytes = 0;        ///< of `turns` without arguments of tool calls: the length that `ratio` is of

  void add(Role role, Kind kind, std::string_view text);
  void remove(std::size_t turn);
};

/// What the caller asks for beside the messages.
struct Wish {
  std::int64_t max_tokens = -1;  ///< -1: not told
  bool tools = false;            ///< there are tools that the model may call
  bool tool_required = false;    ///< and it has to
  bool json = false;             ///< the answer has to be JSON
  bool many_choices = false;
  bool images = false;  ///< there are parts that are no text
};

struct Reading {
  Conversation conversation;
  Wish wish;
};

/// The canonical body of a chat request. Views stay valid as long as `body`. What is not as it should be in there is
/// left out.
[[nodiscard]] Reading read(const sdk::Json& body);

}  // namespace belay::extractive
