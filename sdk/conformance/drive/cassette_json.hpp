// JSON with places: what base/json.hpp has checked, read once more into a tree whose every value knows its line, so that an error can point to it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace belay::conform {

struct PlacedJson {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  Kind kind = Kind::null;
  std::string text;          ///< string: decoded; number: as written; boolean: "true" or "false"
  std::size_t line = 1;
  std::vector<std::pair<std::string, PlacedJson>> members;   ///< object: by name; array: names are empty

  [[nodiscard]] bool is(Kind other) const { return kind == other; }
  /// As compact JSON text.
  [[nodiscard]] std::string json() const;
};
/// "a string", "an object", ...
std::string_view kind_name(PlacedJson::Kind);

/// The whole text; the error says line and column.
Result<PlacedJson> parse_placed(std::string_view text);

}  // namespace belay::conform
