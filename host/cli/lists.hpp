// Lists of words, for people and as members of a JSON object.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace belay::cli {

/// "a, b, c"
std::string joined(const std::vector<std::string>& parts, std::string_view between = ", ");

/// The one of `known` that `word` begins or was probably meant to be, or "".
std::string meant_by(std::string_view word, const std::vector<std::string>& known);

/// "1 hold", "2 holds"
std::string counted(std::size_t n, std::string_view what);

/// "name":"value"
void write_text(json::Writer& to, std::string_view name, std::string_view value);
/// "name":["a","b"]
void write_list(json::Writer& to, std::string_view name, const std::vector<std::string>& values);
/// What was written, as one line.
std::string line_of(const json::Buffer& buffer);

}  // namespace belay::cli
