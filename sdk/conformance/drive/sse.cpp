#include "drive/sse.hpp"

namespace belay::conform {
namespace {

/// The lines of a text with LF, CRLF or CR ends.
template <class Each>
void each_line(std::string_view text, Each each) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find_first_of("\r\n", at);
    if (end == std::string_view::npos) return each(text.substr(at), text.size());
    const bool two = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
    const std::size_t next = end + (two ? 2 : 1);
    each(text.substr(at, end - at), next);
    at = next;
  }
}

}  // namespace

std::vector<SseEvent> sse_events(std::string_view body) {
  std::vector<SseEvent> out;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  SseEvent event;
  bool any = false;
  const auto dispatch = [&] {
    if (any) {
      event.data.pop_back();
      out.push_back(event);
    }
    event = {};
    any = false;
  };
  each_line(body, [&](std::string_view line, std::size_t) {
    if (line.empty()) return dispatch();
    const auto colon = line.find(':');
    if (colon == 0) return;
    const auto name = line.substr(0, colon);
    auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "event") event.name = value;
    if (name == "data") {
      event.data.append(value).push_back('\n');
      any = true;
    }
  });
  dispatch();
  return out;
}

std::vector<std::string> sse_blocks(std::string_view body) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  each_line(body, [&](std::string_view line, std::size_t next) {
    if (!line.empty()) return;
    out.emplace_back(body.substr(begin, next - begin));
    begin = next;
  });
  if (begin < body.size()) out.emplace_back(body.substr(begin));
  return out;
}

}  // namespace belay::conform
