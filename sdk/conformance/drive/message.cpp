#include "drive/message.hpp"

#include <algorithm>

#include "drive/reasons.hpp"
#include "drive/wires.hpp"

namespace belay::conform {
namespace {

void take_event(MessageMaker& to, const SeenEvent& event) {
  auto& message = to.message;
  switch (event.type) {
    case BELAY_EVENT_TEXT: message.text += event.a; break;
    case BELAY_EVENT_REASONING: message.reasoning += event.a; break;
    case BELAY_EVENT_TOOL_BEGIN:
      to.tool(event.index).id = event.a;
      to.tool(event.index).name = event.b;
      break;
    case BELAY_EVENT_TOOL_ARGS: to.tool(event.index).arguments += event.a; break;
    case BELAY_EVENT_USAGE: message.usage = event.usage; break;
    case BELAY_EVENT_STOP: message.stop = stop_name(event.num); break;
    case BELAY_EVENT_ERROR:
      message.error = true;
      message.failure = event.failure;
      break;
    default: break;
  }
}

void take_raw(MessageMaker& to, const SeenEvent& event, std::string_view wire) {
  const bool end_mark = event.a == "[DONE]";
  to.message.end_mark = to.message.end_mark || end_mark;
  if (end_mark) return;
  const auto document = json::parse(event.a);
  if (!document || !document->IsObject()) {
    // What is no JSON is no reply in any of the three wires.
    to.message.error = true;
    if (!to.message.failure) to.message.failure = SeenEvent::Failure{BELAY_FAILURE_INVALID, 200, event.a, {}, {}, {}, {}, {}};
    return;
  }
  read_wire(to, wire, *document, event.a);
}

}  // namespace

Message message_of(const Played& played, std::string_view wire, bool) {
  MessageMaker maker;
  for (const auto& event : played.events) {
    if (event.type == BELAY_EVENT_RAW) {
      take_raw(maker, event, wire);
    } else {
      take_event(maker, event);
    }
  }
  return std::move(maker.message);
}

ExpectedTool& MessageMaker::tool(std::int64_t index) {
  const auto found = std::find(places_.begin(), places_.end(), index);
  if (found != places_.end()) return message.tools[static_cast<std::size_t>(found - places_.begin())];
  places_.push_back(index);
  return message.tools.emplace_back();
}

void MessageMaker::stop(std::string_view word) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"stop", "end"},          {"end_turn", "end"},       {"stop_sequence", "end"},     {"completed", "end"},   {"length", "length"},
      {"max_tokens", "length"}, {"incomplete", "length"},  {"max_output_tokens", "length"}, {"tool_calls", "tools"}, {"tool_use", "tools"},
      {"function_call", "tools"}, {"content_filter", "filter"}, {"refusal", "filter"}};
  const auto* found = std::find_if(std::begin(words), std::end(words), [&](const auto& pair) { return pair.first == word; });
  message.stop = found == std::end(words) ? "other" : found->second;
}

void MessageMaker::count(std::int64_t belay_usage::*member, const json::Value* usage, std::string_view pointer) {
  if (usage == nullptr) return;
  const auto* value = json::at(*usage, pointer);
  if (value == nullptr || !value->IsInt64()) return;
  if (!message.usage) message.usage = belay_usage{sizeof(belay_usage), 0, -1, -1, -1, -1, -1, -1};
  (*message.usage).*member = value->GetInt64();
}

void MessageMaker::error(std::string_view data, const json::Value& root) {
  message.error = true;
  SeenEvent::Failure failure;
  failure.kind = BELAY_FAILURE_IN_REPLY;
  failure.status = 200;
  failure.body = data;
  const auto* told = json::find(root, "error");
  if (told == nullptr) told = json::at(root, "/response/error");
  const json::Value& error = told != nullptr && told->IsObject() ? *told : root;
  const auto text = [&](std::string_view name) {
    const auto* value = json::find(error, name);
    if (value != nullptr && value->IsString()) return std::string(json::view(*value));
    return value != nullptr && value->IsInt64() ? std::to_string(value->GetInt64()) : std::string();
  };
  failure.code = text("code");
  failure.type = text("type");
  failure.message = text("message");
  failure.parameter = text("param");
  message.failure = std::move(failure);
}

}  // namespace belay::conform
