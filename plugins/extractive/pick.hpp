// Chooses units: always the one that says most that the extract does not say yet, for the bytes that it takes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "units.hpp"
#include "watch.hpp"

namespace belay::extractive {

class Picker {
 public:
  Picker(Material& material, Watch& watch);

  /// Picks until about `bytes` more are spent. May be called again with what was left over.
  void pick(std::size_t bytes);
  /// Gives up the last picks, of at least `bytes` together.
  /// False when there is nothing left to give up.
  bool drop(std::size_t bytes);

 private:
  struct Offer {
    float density;
    std::uint32_t unit;
    bool operator<(const Offer& other) const {
      return density != other.density ? density < other.density : unit > other.unit;
    }
  };

  [[nodiscard]] std::size_t cost(const Unit& unit) const;
  [[nodiscard]] float density(const Unit& unit) const;
  [[nodiscard]] float fresh(const Unit& unit) const;
  [[nodiscard]] float kept_cue(const Unit& unit) const;
  void take(Unit& unit);

  Material& material_;
  Watch& watch_;
  std::vector<Offer> heap_;
  std::array<std::size_t, section_count> spent_{};
  std::vector<std::uint32_t> order_;  ///< what was picked, best first
  std::size_t spent_all_ = 0;
  std::size_t budget_ = 0;
  std::unordered_set<std::uint64_t> said_;  ///< words of what was picked
};

/// Whether the units beside this one in its line, if it has any, are there too: then they are joined without a gap.
[[nodiscard]] bool joins(const Material& material, std::size_t unit, std::size_t other);

}  // namespace belay::extractive
