// Numbers of JSON, read by the standard library: to the nearest double, whatever the locale. (RapidJSON 1.1.0 can be
// off in the last digits, so that a number that is read and written again drifts, and its full-precision mode has
// undefined shifts.)
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace belay::json {

/// The first that holds the number exactly; a double when it has a fraction or an exponent.
using Number = std::variant<std::int64_t, std::uint64_t, double>;

/// `text` follows the grammar of a JSON number. nullopt: beyond the range of a double. One too small to tell from zero
/// is zero.
std::optional<Number> read_number(std::string_view text);

}  // namespace belay::json
