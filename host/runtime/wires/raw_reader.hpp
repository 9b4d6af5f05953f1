// RawReader: what raw events and bodies of a provider of the caller's own wire mean. They are handed on as they are; the host only has to know the commit point, the
// usage, an error told inside, and the end.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "fallback/trace.hpp"
#include "wire.hpp"

namespace belay::runtime::wires {

/// What one of them is.
struct Seen {
  enum class Kind : std::uint8_t {
    opening,   ///< nothing that the caller waits for: a start, a ping, usage
    content,   ///< text, reasoning, a piece of a tool call
    answer,    ///< a whole unstreamed answer
    error,     ///< told by the upstream; `error` is it
    nonsense,  ///< nothing of this wire
  };
  Kind kind = Kind::opening;
  bool finished = false;   ///< the answer is whole
  bool over = false;       ///< nothing comes behind it
  std::string text;        ///< of the answer's text, what is in it
  std::string error;       ///< an object with the member `error`
};

class RawReader {
 public:
  virtual ~RawReader() = default;
  virtual Seen read(const json::Value& event) = 0;
  [[nodiscard]] const fallback::Usage& usage() const { return usage_; }
  /// Responses: the response as it was when it began, and the number that the next event would have.
  [[nodiscard]] virtual std::string so_far() const { return {}; }
  [[nodiscard]] std::int64_t events() const { return events_; }

 protected:
  fallback::Usage usage_;
  std::int64_t events_ = 0;
};

/// `wire` is not chat.
std::unique_ptr<RawReader> reader_for(Wire wire);

}  // namespace belay::runtime::wires
