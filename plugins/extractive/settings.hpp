// [provider.NAME.options] of this provider.
#pragma once

#include <cstdint>
#include <string_view>

namespace belay::extractive {

enum class Task : std::uint8_t { automatic, compress, title };

struct Settings {
  Task task = Task::automatic;     ///< "auto": the request says it (job.hpp); else every request is taken as this one
  double ratio = 0.15;             ///< length of an extract, of the conversation's
  std::int64_t min_messages = 20;  ///< a request without tools and with so many messages is a conversation to compress
};

/// draft-04; the host checks options against it before create().
inline constexpr std::string_view settings_schema = R"({
  "$schema": "http://json-schema.org/draft-04/schema#",
  "type": "object",
  "properties": {
    "task": {"enum": ["auto", "compress", "title"], "default": "auto",
             "description": "what every request is taken as; auto: what its messages ask for"},
    "ratio": {"type": "number", "minimum": 0.01, "maximum": 1, "default": 0.15,
              "description": "length of an extract, of the conversation's; max_tokens of the request makes it shorter, never longer"},
    "min_messages": {"type": "integer", "minimum": 2, "default": 20,
                     "description": "with auto: a request without tools that has at least so many messages is compressed though it doesn't ask for it"}
  },
  "additionalProperties": false
})";

/// `options` is a JSON object that is valid against the schema.
[[nodiscard]] Settings settings_of(std::string_view options);

}  // namespace belay::extractive
