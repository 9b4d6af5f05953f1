#include "chat_messages.hpp"

#include <algorithm>

namespace belay::runtime::wires {
namespace {

constexpr std::string_view names[] = {"system", "user", "assistant", "tool"};

void member(json::Writer& to, std::string_view name, std::string_view value) {
  json::key(to, name);
  json::str(to, value);
}

void write_text_part(json::Writer& to, std::string_view text) {
  to.StartObject();
  member(to, "type", "text");
  member(to, "text", text);
  to.EndObject();
}

}  // namespace

/// What results showed is put where chat can show it.
void ChatMessages::place_images() {
  if (images_.empty()) return;
  Message& message = messages_.emplace_back();
  message.parts = std::move(images_);
  images_.clear();
}

void ChatMessages::begin(Role role) {
  if (role == Role::assistant && !messages_.empty() && messages_.back().role == role) return;
  const bool joins = role == Role::user && !images_.empty();
  place_images();
  if (!joins) messages_.emplace_back().role = role;
}

void ChatMessages::begin_result(std::string_view call) {
  Message& message = messages_.emplace_back();
  message.role = Role::tool;
  message.answers = call;
}

void ChatMessages::add(Part part) { messages_.back().parts.push_back(std::move(part)); }

void ChatMessages::text(std::string_view text) { add({text, {}}); }

void ChatMessages::part(std::string json) {
  if (messages_.back().role == Role::tool) images_.push_back({{}, std::move(json)});
  else add({{}, std::move(json)});
}

void ChatMessages::image(std::string_view url, std::string_view detail) {
  std::string out = R"({"type":"image_url","image_url":{"url":)" + json::quoted(url);
  if (!detail.empty()) out += ",\"detail\":" + json::quoted(detail);
  part(out + "}}");
}

void ChatMessages::refusal(std::string_view text) { add({{}, R"({"type":"refusal","refusal":)" + json::quoted(text) + "}"}); }

void ChatMessages::call(std::string_view id, std::string_view name, std::string arguments) {
  messages_.back().calls.push_back({id, name, std::move(arguments)});
}

void ChatMessages::write(json::Writer& to) {
  place_images();
  to.StartArray();
  for (const auto& message : messages_) write(to, message);
  to.EndArray();
}

void ChatMessages::write(json::Writer& to, const Message& message) {
  to.StartObject();
  member(to, "role", names[static_cast<std::size_t>(message.role)]);
  if (message.role == Role::tool) member(to, "tool_call_id", message.answers);
  json::key(to, "content");
  write_content(to, message);
  if (!message.calls.empty()) {
    json::key(to, "tool_calls");
    to.StartArray();
    for (const auto& call : message.calls) {
      to.StartObject();
      member(to, "id", call.id);
      member(to, "type", "function");
      json::key(to, "function");
      to.StartObject();
      member(to, "name", call.name);
      member(to, "arguments", call.arguments);
      to.EndObject();
      to.EndObject();
    }
    to.EndArray();
  }
  to.EndObject();
}

/// A string where that says it all: not every server takes lists, least of all of system and tool messages.
void ChatMessages::write_content(json::Writer& to, const Message& message) {
  const bool all_text = std::all_of(message.parts.begin(), message.parts.end(), [](const Part& part) { return part.json.empty(); });
  if (message.parts.empty()) {
    if (message.calls.empty()) json::str(to, "");
    else to.Null();
    return;
  }
  if (all_text && (message.parts.size() == 1 || message.role == Role::system || message.role == Role::tool)) {
    if (message.parts.size() == 1) return json::str(to, message.parts.front().text);
    std::string joined;
    for (const auto& part : message.parts) (joined += joined.empty() ? "" : message.role == Role::system ? "\n\n" : "\n") += part.text;
    return json::str(to, joined);
  }
  to.StartArray();
  for (const auto& part : message.parts) {
    if (part.json.empty()) write_text_part(to, part.text);
    else to.RawValue(part.json.data(), part.json.size(), rapidjson::kObjectType);
  }
  to.EndArray();
}

}  // namespace belay::runtime::wires
