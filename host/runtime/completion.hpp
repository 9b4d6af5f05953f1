// Completion: a chat.completion put together from chunks or from a plugin's events, and the chunks made from events. OpenAI's Chat Completions objects
// (API reference, "The chat completion object" and "chunk object").
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "belay/event.h"
#include "fallback/trace.hpp"
#include "json_cursor.hpp"

namespace belay::runtime {

class Completion {
 public:
  std::string id, model, finish;         ///< finish: OpenAI's word; empty: not told
  std::int64_t created = 0;
  std::string text, reasoning, refusal;
  struct Tool {
    std::string id, name, arguments;
  };
  std::map<std::uint32_t, Tool> tools;
  fallback::Usage usage;

  /// Adds one chat.completion.chunk.
  void add_chunk(const json::Value& chunk);
  /// The whole object.
  [[nodiscard]] std::string body() const;

  /// The chunk that tells one canonical event; empty: the event is none for the caller. Also adds it to the completion.
  std::string chunk_of(const belay_event& event);
  /// The last chunk with usage, where it is known.
  [[nodiscard]] std::string usage_chunk() const;

 private:
  [[nodiscard]] std::string chunk(std::string_view delta, std::string_view finish_reason) const;
};

/// "stop", "length", ... of BELAY_STOPPED_...
std::string_view finish_word(std::int64_t stopped);
/// Reads OpenAI's usage object.
fallback::Usage usage_of(const json::Value& usage);
/// The same at a cursor; false: the text is not well-formed.
bool read_usage(JsonCursor& at, fallback::Usage& usage);

}  // namespace belay::runtime
