// The HTTP/1 parser: Boost.Beast's, with callbacks of ours that keep views instead of copies. The only file that knows Beast is parser.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "front/front.hpp"

namespace belay::gateway {

/// What the parser saw in a head. Views into the bytes that it was given.
struct RawHead {
  /// A field that says something about framing or routing, and how often it came; `value` is the last one.
  struct Counted {
    std::string_view value;
    unsigned count = 0;
  };
  std::string_view method, target;
  int minor = 1;            ///< HTTP/1.minor
  bool keep_alive = false;  ///< by version and Connection
  Counted host, content_length, transfer_encoding, expect, origin;
};

/// Reads a whole head, its empty line included. Names are put into lower case where they stand. The refusal's texts are constants.
std::optional<Refusal> read_head(std::span<char> bytes, RawHead& head, std::vector<Field>& fields);

/// A chunked body, taken out of its framing piece by piece. Chunk extensions and trailers are checked, bounded and dropped.
class ChunkReader {
 public:
  ChunkReader(std::size_t body_limit, std::size_t overhead_limit);
  ~ChunkReader();

  enum class State : std::uint8_t { more, done, refused };
  struct Step {
    std::size_t used = 0;  ///< the rest must be given again, with more behind it
    State state = State::more;
  };
  /// Appends what `bytes` has of the body.
  Step feed(std::string_view bytes, std::string& body);
  [[nodiscard]] const Refusal& why() const { return why_; }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::size_t overhead_limit_;
  Refusal why_;
};

}  // namespace belay::gateway
