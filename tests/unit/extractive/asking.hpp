// Asks the built plugin through its ABI, and makes request bodies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "driver.hpp"

namespace belay::extractive_test {

struct Reply {
  driver::Answer status;
  std::string text;   ///< all TEXT events
  std::string model;  ///< of MESSAGE_START
  std::string error;  ///< body of an ERROR event
  driver::Events events;
};

/// One exchange. `options` is the JSON of [provider.NAME.options].
Reply ask(const std::string& body, const std::string& options = "{}", driver::Events events = {});

/// A message of a body, and a body of messages with further members ("\"max_tokens\": 9").
struct Message {
  std::string role, text;
};
std::string body_of(const std::vector<Message>& messages, std::string_view members = {});
std::string json_string(std::string_view text);

std::string file(const std::string& name);

}  // namespace belay::extractive_test
