// Golden pairs: tests/data/wires/*.json.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "wires/reply_writer.hpp"

namespace belay::runtime::test {

/// The file's whole text, parsed; fails the test where it can't be read.
json::Document golden(const std::string& file);

/// Plays events in the short form of the golden files into a writer: {"start": [id, model]}, {"text": "..."}, {"reasoning": "..."}, {"refusal": "..."},
/// {"tool": [index, id, name]}, {"args": [index, "..."]}, {"tool_end": index}, {"usage": {"prompt": 1, ...}}, {"stop": "end"}.
void play(const json::Value& events, wires::ReplyWriter& writer);

/// The events of a stream and the whole answer that are made of `events`.
struct Told {
  std::vector<std::string> stream;
  std::string body, text;
  fallback::Usage usage;
};
Told tell(wires::Wire wire, const json::Value& events, std::string_view request = "{}");

}  // namespace belay::runtime::test
