// Keys and the file names that stand for them: "hold/target/a b" <-> "hold/target+a%20b.json".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace belay::state {

/// The first word: "hold" of "hold/target/x".
std::string_view area_of(std::string_view key);

/// Path of the record below the state folder. Refuses keys without an area, areas that are no words, and keys that are
/// too long.
Result<std::string> record_path(std::string_view key);

/// The area of a listing's prefix ("hold/", "hold/target/"). Refuses prefixes without one.
Result<std::string_view> area_of_prefix(std::string_view prefix);

/// Whether `word` may be the first word of a key, and so a folder of this name holds records.
bool is_area(std::string_view word);

/// The key of a file in the folder of `area`, or nullopt when record_path() never makes such a name (a temporary or
/// foreign file).
std::optional<std::string> key_of(std::string_view area, std::string_view file_name);

}  // namespace belay::state
