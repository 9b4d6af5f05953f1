#include "call_request.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/utf8.hpp"

namespace belay::cli {
namespace {

constexpr std::string_view space = " \t\r\n";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string message(std::string_view content) {
  return "{\"role\":\"user\",\"content\":" + json::quoted(content) + "}";
}

/// "line 3, column 14" of a place in `text`.
std::string place_of(std::string_view text, const char* where) {
  const std::string_view before = text.substr(0, static_cast<std::size_t>(where - text.data()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
  return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - start + 1);
}

Error wrong(std::string_view text, const json::Member& member, std::string_view what) {
  return fail("standard input: " + place_of(text, member.value.data()) + ": " + std::string(member.name) + ": " +
              std::string(what));
}

/// Whether text that can't be read as JSON was meant to be a request: it has a member of that name.
bool names_messages(std::string_view text) {
  constexpr std::string_view key = "\"messages\"";
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const std::size_t next = text.find_first_not_of(space, at + key.size());
    if (next != std::string_view::npos && text[next] == ':') return true;
  }
  return false;
}

/// One place in the body that is written anew; the rest stays word for word.
struct Edit {
  std::size_t at, size;
  std::string with;
};

std::string edited(std::string_view body, std::vector<Edit> edits) {
  std::string text(body);
  std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.at > b.at; });  // from the back
  for (const Edit& edit : edits) text.replace(edit.at, edit.size, edit.with);
  return text;
}

Result<Request> as_request(std::string_view body, const std::vector<json::Member>& members,
                           const json::Member& messages, const std::optional<std::string>& text, Stream stream) {
  const std::size_t first = messages.value.find_first_not_of(space, 1);
  if (messages.value.front() != '[') return wrong(body, messages, "should be a list of messages");
  const bool empty = messages.value[first] == ']';
  if (!empty && messages.value[first] != '{')
    return wrong(body, messages, "should be a list of objects with a role and a content");
  if (empty && !text) return wrong(body, messages, "is empty, there is nothing to answer");
  Request request;
  std::vector<Edit> edits;
  const auto offset = [&](std::string_view part) { return static_cast<std::size_t>(part.data() - body.data()); };
  for (const json::Member& member : members) {
    if (member.name == "stream" && member.value == "true") {
      request.stream = stream == Stream::as_asked;
      if (!request.stream) edits.push_back({offset(member.value), member.value.size(), "false"});
    }
    if (member.name != "model" || member.value == "null") continue;
    if (member.value.front() != '"')
      return wrong(body, member, "should be a text: a route, a provider or provider/model");
    const auto decoded = json::parse("[" + std::string(member.value) + "]");
    if (!decoded) return wrong(body, member, decoded.error().message);
    request.model = std::string(json::view((*decoded)[0]));
  }
  if (text) {
    const std::size_t end = offset(messages.value) + messages.value.size() - 1;
    edits.push_back({end, 0, (empty ? "" : ",") + message(*text)});
  }
  request.body = edited(body, std::move(edits));
  return request;
}

Result<Request> as_message(const std::optional<std::string>& text, std::string_view input) {
  if (input.ends_with('\n')) input.remove_suffix(1);  // what an editor or echo put there
  std::string content(input);
  if (text) content += (content.empty() ? "" : "\n\n") + *text;
  return Request{"{\"messages\":[" + message(content) + "]}", std::nullopt, false};
}

}  // namespace

Result<Request> build_request(const std::optional<std::string>& text, std::optional<std::string> input, Stream stream) {
  if (input && input->starts_with(byte_order_mark)) input->erase(0, byte_order_mark.size());
  if (input && input->find_first_not_of(space) == std::string::npos) input.reset();
  if (!input && (!text || text->find_first_not_of(space) == std::string::npos)) {
    return fail("nothing to send: give a TEXT, or pipe a message or a JSON request into belay call");
  }
  if (text && !valid_utf8(*text)) return fail("TEXT is not UTF-8");
  if (input && !valid_utf8(*input)) return fail("standard input is not UTF-8 text");
  if (!input) return as_message(text, "");
  if ((*input)[input->find_first_not_of(space)] != '{') return as_message(text, *input);

  const auto members = json::index_object(*input);
  if (!members) {
    if (!names_messages(*input)) return as_message(text, *input);
    return fail("standard input looks like a request but is not JSON: " + members.error().message);
  }
  const auto messages =
      std::find_if(members->begin(), members->end(), [](const auto& member) { return member.name == "messages"; });
  if (messages == members->end()) return as_message(text, *input);
  return as_request(*input, *members, *messages, text, stream);
}

}  // namespace belay::cli
