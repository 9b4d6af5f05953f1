// The common replies of a chat, read in one pass: most of what passes through is one of these two.
#include "json_cursor.hpp"
#include "reply.hpp"

namespace belay::runtime {

/// The common case of a body, read in one pass: an answer with a message, and no error. False: it isn't that, and nothing was done.
bool Reply::plain_whole(std::string_view data) {
  if (!JsonCursor::is_plain(data)) return false;
  JsonCursor at(data);
  bool answered = false;
  std::string_view content;
  fallback::Usage usage;
  const auto in_message = [&](std::string_view name) {
    if (name != "content") return at.skip();
    content = at.value();
    return !content.empty();
  };
  const auto in_choice = [&](std::string_view name) {
    if (name != "message" || !at.sees('{')) return name != "delta" && at.skip();
    answered = true;
    return at.object(in_message);
  };
  const bool plain = at.object([&](std::string_view name) {
    if (name == "usage") return read_usage(at, usage);
    if (name == "error") return at.value() == "null";
    if (name == "object") return at.value() != "\"error\"";
    if (name != "choices" || !at.sees('[')) return at.skip();
    return at.array([&](std::size_t index) { return index == 0 && at.sees('{') ? at.object(in_choice) : at.skip(); });
  });
  if (!plain || !answered || !at.at_end()) return false;
  append_text(content, completion_.text);
  completion_.usage = usage;
  finished_ = any_choice_ = true;
  body_ = data;
  return true;
}

/// The common case of a chunk behind the commit point: one choice, and nothing but text. Nothing: it isn't that, and nothing was done.
std::optional<bool> Reply::plain_chunk(std::string_view data) {
  if (!JsonCursor::is_plain(data)) return std::nullopt;
  JsonCursor at(data);
  std::string_view content;
  const auto in_delta = [&](std::string_view name) {
    const std::string_view value = at.value();
    if (name == "content") content = value;
    return name == "content" || name == "role" || value == "null";
  };
  const auto in_choice = [&](std::string_view name) {
    if (name == "delta") return at.sees('{') && at.object(in_delta);
    return name == "finish_reason" ? at.value() == "null" : at.skip();
  };
  const bool plain = at.object([&](std::string_view name) {
    if (name == "error" || name == "usage") return at.value() == "null";
    if (name != "choices") return at.skip();
    return at.array([&](std::size_t index) { return index == 0 && at.object(in_choice); });
  });
  const std::size_t before = completion_.text.size();
  if (!plain || !at.at_end() || !append_text(content, completion_.text)) return std::nullopt;
  any_choice_ = true;
  return deliver(data, std::string_view(completion_.text).substr(before), completion_.text.size() > before);
}

}  // namespace belay::runtime
