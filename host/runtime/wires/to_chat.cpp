#include "to_chat.hpp"

#include <algorithm>

namespace belay::runtime::wires {
namespace {

std::string_view value_of(const std::vector<json::Member>& members, std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(), [name](const json::Member& member) { return member.name == name; });
  return found == members.end() || found->value == "null" ? std::string_view() : found->value;
}

std::optional<Misfit> check_messages(const std::vector<json::Member>& members, bool counting) {
  const Place whole(Wire::messages);
  Misfits misfits;
  const auto messages = value_of(members, "messages");
  if (messages.empty()) misfits.malformed(whole["messages"], "is missing: it must be a list of messages");
  else if (messages.front() != '[') misfits.malformed(whole["messages"], "must be a list of messages");
  if (!counting) {
    const auto most = value_of(members, "max_tokens");
    if (most.empty()) misfits.malformed(whole["max_tokens"], "is missing: it must be the most tokens that the answer may have");
    else if (most.find_first_not_of("0123456789") != std::string_view::npos || most == "0") misfits.malformed(whole["max_tokens"], "must be a whole number above 0");
  }
  return misfits.first();
}

std::optional<Misfit> check_responses(const std::vector<json::Member>& members) {
  const Place whole(Wire::responses);
  Misfits misfits;
  const auto input = value_of(members, "input");
  const bool elsewhere = std::any_of(members.begin(), members.end(), [](const json::Member& member) {
    return (member.name == "prompt" || member.name == "previous_response_id" || member.name == "conversation") && member.value != "null";
  });
  if (input.empty() && !elsewhere) misfits.malformed(whole["input"], "is missing: it must be a string or a list of items");
  else if (!input.empty() && input.front() != '"' && input.front() != '[') misfits.malformed(whole["input"], "must be a string or a list of items");
  return misfits.first();
}

}  // namespace

std::optional<Misfit> check(Wire wire, const std::vector<json::Member>& members, bool counting) {
  switch (wire) {
    case Wire::responses: return check_responses(members);
    case Wire::messages: return check_messages(members, counting);
    default: return std::nullopt;
  }
}

std::variant<std::string, Misfit> to_chat(Wire wire, std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return Misfit{Misfit::Kind::malformed, {}, "the request is not usable: " + document.error().message};
  return wire == Wire::responses ? responses_to_chat(*document) : messages_to_chat(*document);
}

std::vector<json::Member> chat_names(Wire wire, const std::vector<json::Member>& members) {
  struct Alias {
    Wire wire;
    std::string_view theirs, chat;
  };
  static constexpr Alias aliases[] = {
      {Wire::responses, "max_output_tokens", "max_tokens"}, {Wire::responses, "reasoning", "reasoning_effort"}, {Wire::responses, "text", "response_format"},
      {Wire::responses, "text", "verbosity"},               {Wire::messages, "stop_sequences", "stop"},         {Wire::messages, "thinking", "reasoning_effort"},
      {Wire::messages, "output_config", "reasoning_effort"}, {Wire::messages, "output_config", "response_format"}, {Wire::messages, "output_format", "response_format"},
      {Wire::messages, "tool_choice", "parallel_tool_calls"}, {Wire::messages, "metadata", "user"}};
  std::vector<json::Member> out{{"stream_options", R"({"include_usage":true})"}};
  for (const auto& alias : aliases) {
    if (alias.wire != wire) continue;
    if (const auto value = value_of(members, alias.theirs); !value.empty()) out.push_back({alias.chat, value});
  }
  return out;
}

}  // namespace belay::runtime::wires
