// SecretIndex: finds the forms of all known secrets in a text in one pass, however many secrets there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace belay {

/// Not thread-safe. The forms stay where they are while they are in it.
class SecretIndex {
 public:
  /// `form` has at least shortest_scrubbed bytes.
  void add(std::string_view form);
  void remove(std::string_view form);

  struct Range {
    std::size_t begin, end;
  };
  /// Where forms stand in `text`, sorted; those that touch or overlap are one.
  [[nodiscard]] std::vector<Range> find(std::string_view text) const;

 private:
  static constexpr std::size_t slots = 1u << 16;

  void count(std::string_view form, int change);
  void stride(std::size_t stride);
  [[nodiscard]] std::size_t longest_at(std::string_view text) const;

  // How many of the first words (four bytes each) of all forms have this hash; empty before the first add(). And for which there are any: what is looked
  // at again and again in a text should stay in the processor's first cache.
  std::vector<std::uint32_t> words_;
  std::vector<std::uint64_t> any_;
  std::size_t stride_ = 0;
  std::unordered_multimap<std::uint64_t, std::string_view> forms_;  // by their first six bytes
};

}  // namespace belay
