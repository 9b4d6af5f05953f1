// What parse() and index_object() ask of a text before they look at its grammar, and how both name a place in it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace belay::json {

/// `text` without a byte order mark. Refused: more than limits.bytes, invalid UTF-8, and control characters, which no
/// JSON text may hold raw. (RapidJSON takes NUL for the end of the text, and its SIMD path in the version we build with
/// lets U+001A to U+001F pass inside strings.)
Result<std::string_view> admit(std::string_view text, const Limits& limits);

/// "line 3, column 14: "; columns count bytes.
std::string place(std::string_view text, std::size_t offset);

}  // namespace belay::json
