// Sixty-four bytes looked at together. The compiler's own vectors: SIMD on every machine and at every level of
// optimisation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace belay {

constexpr std::size_t block_size = 64;

class Block {
 public:
  explicit Block(const char* bytes) { std::memcpy(parts_, bytes, block_size); }

  /// Whether a byte is above 0x7f.
  [[nodiscard]] bool has_high() const { return any((parts_[0] | parts_[1] | parts_[2] | parts_[3]) & 0x80); }
  /// Whether a byte of this block is `first` where that of `shifted`, the block one byte on, is `second`.
  [[nodiscard]] bool has_pair(unsigned char first, unsigned char second, const Block& shifted) const {
    auto found = (parts_[0] == first) & (shifted.parts_[0] == second);
    for (int i = 1; i < 4; ++i) found |= (parts_[i] == first) & (shifted.parts_[i] == second);
    return any(reinterpret_cast<Part>(found));
  }
  [[nodiscard]] bool has_below(unsigned char limit) const {
    return any(
        reinterpret_cast<Part>((parts_[0] < limit) | (parts_[1] < limit) | (parts_[2] < limit) | (parts_[3] < limit)));
  }

 private:
  using Part = unsigned char __attribute__((vector_size(16)));

  static bool any(Part part) {
    std::uint64_t words[2];
    std::memcpy(words, &part, sizeof words);
    return (words[0] | words[1]) != 0;
  }

  Part parts_[4];
};

}  // namespace belay
