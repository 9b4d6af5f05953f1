// A Chat Completions reply as events, for a caller of another wire: chunks of a stream or one whole completion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "belay/cpp/json.hpp"
#include "belay/cpp/reply_reader.hpp"
#include "belay/cpp/sinks.hpp"
#include "belay/cpp/views.hpp"

namespace belay::openai {

class ChatEvents {
 public:
  explicit ChatEvents(bool streamed) : reply_(streamed) {}

  sdk::Status head(const sdk::Head& head) {
    reply_.head(head);
    return {};
  }
  sdk::Status chunk(std::string_view piece, sdk::Sink& sink);
  sdk::Status finish(sdk::Finish how, sdk::Sink& sink);

 private:
  struct Tool {
    std::int64_t index;  // upstream's; ours is the place in tools_
    std::string id;
  };

  bool on_event(std::string_view name, std::string_view data, sdk::Sink& sink);
  void on_reply(const sdk::Json& json, sdk::Sink& sink);
  void on_choice(sdk::Json::Value choice, sdk::Sink& sink);
  void on_content(sdk::Json::Value content, sdk::Sink& sink);
  void on_reasoning(sdk::Json::Value delta, sdk::Sink& sink);
  void on_tool_call(sdk::Json::Value call, sdk::Sink& sink);
  [[nodiscard]] std::size_t tool_of(sdk::Json::Value call) const;
  static bool continues(const Tool& tool, sdk::Json::Value call);
  void on_usage(sdk::Json::Value usage, sdk::Sink& sink);
  bool told(std::string_view data, sdk::Sink& sink);
  void no_reply(std::uint32_t kind, std::string_view body, sdk::Sink& sink);
  void stop(sdk::Sink& sink);

  sdk::ReplyReader reply_;
  bool over_ = false;  // STOP or ERROR was emitted, or the host wants no more
  bool started_ = false;
  bool any_choice_ = false;
  bool whole_ = false;         // a finish reason or the end mark was seen
  belay_usage usage_{sizeof(belay_usage), 0, -1, -1, -1, -1, -1, -1};
  std::string finish_reason_;  // held back: usage comes after it, and STOP is the last event
  std::vector<Tool> tools_;
};

}  // namespace belay::openai
