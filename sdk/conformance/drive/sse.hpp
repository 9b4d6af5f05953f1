// The tool's own reading of server-sent events (WHATWG HTML 9.2.6), of a whole body at once: it is what the plugin's streaming reader is compared with, so it
// shares nothing with the SDK's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace belay::conform {

struct SseEvent {
  std::string name, data;
};

/// The events of a whole stream. One whose blank line is missing at the end counts.
std::vector<SseEvent> sse_events(std::string_view body);

/// The body as blocks, each with the blank line that ends it; what stands after the last blank line is one more.
std::vector<std::string> sse_blocks(std::string_view body);

}  // namespace belay::conform
