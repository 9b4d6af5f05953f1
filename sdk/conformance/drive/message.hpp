// The three raw wires read into one message.
#pragma once

#include <string_view>

#include "base/json.hpp"
#include "drive/play.hpp"

namespace belay::conform {

/// A tool call's place while its pieces come.
class MessageMaker {
 public:
  Message message;

  ExpectedTool& tool(std::int64_t index);
  ExpectedTool* tool_by_id(std::string_view id);
  void stop(std::string_view word);
  void count(std::int64_t belay_usage::*member, const json::Value* usage, std::string_view pointer);
  void error(std::string_view data, const json::Value& root);

 private:
  std::vector<std::int64_t> places_;
};


}  // namespace belay::conform
