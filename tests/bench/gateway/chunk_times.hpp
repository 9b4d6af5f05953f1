// When the mock wrote the chunks of a stream: '@' and 19 digits in each.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>

namespace belay::bench {

/// Takes whole lines out of `text` and calls `on_time(ns)` for each chunk in them. True once the end mark was among them.
template <typename OnTime>
bool take_chunk_times(std::string& text, OnTime&& on_time) {
  bool ended = false;
  std::size_t line = 0;
  for (std::size_t end; (end = text.find('\n', line)) != std::string::npos; line = end + 1) {
    const std::size_t at = text.find('@', line);
    if (text.compare(line, 12, "data: [DONE]") == 0) ended = true;
    std::int64_t ns = 0;
    if (at < end && std::from_chars(text.data() + at + 1, text.data() + end, ns).ec == std::errc{}) on_time(ns);
  }
  text.erase(0, line);
  return ended;
}

}  // namespace belay::bench
