#include "conversation.hpp"

#include <algorithm>

#include "text.hpp"

namespace belay::extractive {

namespace {

using Value = sdk::Json::Value;

/// Longer string arguments are files and patches: their lines count as output.
constexpr std::size_t short_argument = 400;

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F; }

/// Without terminal colours and other control bytes.
std::string cleaned(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == 0x1B && i + 1 < text.size() && text[i + 1] == '[') {
      i += 2;
      while (i < text.size() && !is_alpha(text[i])) ++i;
    } else if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] != '\n') {
      out += '\n';
    } else if (!is_control(text[i])) {
      out += text[i];
    }
  }
  return out;
}

Role role_of(std::string_view word) {
  if (word == "assistant") return Role::assistant;
  if (word == "tool" || word == "function") return Role::tool;
  if (word == "system" || word == "developer") return Role::system;
  return Role::user;
}

/// Arguments are a JSON text of their own: each string in it is a text, with the name before a short one.
void add_arguments(Conversation& to, std::string_view tool, const Value& arguments) {
  const sdk::Json parsed(arguments.text());
  const Value object = parsed[""];
  if (object.type() != BELAY_JSON_OBJECT) return to.add(Role::assistant, Kind::call, arguments.text());
  std::string line(tool);
  for (std::int64_t i = 0; i < object.integer(); ++i) {
    std::string_view name;
    const Value value = object.element(static_cast<std::uint64_t>(i), &name);
    if (value.type() != BELAY_JSON_STRING && value.type() != BELAY_JSON_NUMBER) continue;
    if (value.text().size() > short_argument || value.text().find('\n') != std::string_view::npos) {
      to.own.emplace_back(value.text());
      to.add(Role::assistant, Kind::call, to.own.back());
    } else {
      line.append(" ").append(name).append("=").append(value.text());
    }
  }
  if (line.size() == tool.size()) return;
  to.own.push_back(std::move(line));
  to.add(Role::assistant, Kind::call, to.own.back());
}

void add_message(Conversation& to, Wish& wish, const Value& message) {
  const Role role = role_of(message["/role"].text());
  const Kind kind = role == Role::tool ? Kind::output : Kind::prose;
  const Value content = message["/content"];
  if (content.type() == BELAY_JSON_STRING) to.add(role, kind, content.text());
  for (std::int64_t i = 0; content.type() == BELAY_JSON_ARRAY && i < content.integer(); ++i) {
    const Value part = content.element(static_cast<std::uint64_t>(i));
    if (const Value text = part["/text"]) {
      to.add(role, kind, text.text());
    } else if (part["/type"]) {
      wish.images = true;
    }
  }
  const Value calls = message["/tool_calls"];
  for (std::int64_t i = 0; calls.type() == BELAY_JSON_ARRAY && i < calls.integer(); ++i) {
    const Value function = calls.element(static_cast<std::uint64_t>(i))["/function"];
    add_arguments(to, function["/name"].text(), function["/arguments"]);
  }
  ++to.messages;
}

Wish wish_of(const sdk::Json& body) {
  Wish out;
  for (const char* name : {"/max_completion_tokens", "/max_tokens"}) {
    const Value limit = body[name];
    if (out.max_tokens < 0 && limit.type() == BELAY_JSON_NUMBER && limit.integer() > 0)
      out.max_tokens = limit.integer();
  }
  out.tools = body["/tools"].integer() > 0 || body["/functions"].integer() > 0;
  const Value choice = body["/tool_choice"];
  out.tool_required = choice.text() == "required" || choice.type() == BELAY_JSON_OBJECT;
  const auto format = body["/response_format/type"].text();
  out.json = !format.empty() && format != "text";
  out.many_choices = body["/n"].integer() > 1;
  return out;
}

}  // namespace

void Conversation::add(Role role, Kind kind, std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) {
    own.push_back(cleaned(text));
    text = own.back();
  }
  text = trimmed(text);
  if (text.empty()) return;
  if (kind != Kind::call) bytes += text.size();
  turns.push_back({role, kind, text});
}

void Conversation::remove(std::size_t turn) {
  if (turns[turn].kind != Kind::call) bytes -= turns[turn].text.size();
  turns.erase(turns.begin() + static_cast<std::ptrdiff_t>(turn));
}

Reading read(const sdk::Json& body) {
  Reading out;
  out.wish = wish_of(body);
  const Value messages = body["/messages"];
  for (std::int64_t i = 0; messages.type() == BELAY_JSON_ARRAY && i < messages.integer(); ++i) {
    add_message(out.conversation, out.wish, messages.element(static_cast<std::uint64_t>(i)));
  }
  return out;
}

}  // namespace belay::extractive
