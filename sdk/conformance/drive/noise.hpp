// Bytes that no upstream should send, from a seed: the same generator state gives the same bytes.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "drive/cassette.hpp"

namespace belay::conform {

class Noise {
 public:
  explicit Noise(std::mt19937_64& random) : random_(random) {}

  std::size_t below(std::size_t end) { return end == 0 ? 0 : random_() % end; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  /// Any bytes.
  std::string bytes(std::size_t size);
  /// Words that parsers of event streams and JSON know, in no order, with rubbish in between: gets further than bytes alone.
  std::string words(std::size_t count);
  /// A random JSON value, nested up to `depth`; members are named as providers name theirs.
  std::string json(int depth);
  /// A reply: status 200 to 299, some headers, a body of one of the kinds above.
  CassetteReply reply();
  std::vector<std::pair<std::string, std::string>> headers();
  /// `text` after 1 to 8 of: a bit or byte changed, a piece left out, repeated, moved, put in from `other`, cut off, a number made large, a word put in.
  std::string mutated(std::string text, std::string_view other);

 private:
  std::string word();
  std::mt19937_64& random_;
};

}  // namespace belay::conform
