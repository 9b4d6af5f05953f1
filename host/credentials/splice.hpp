// Changing single values in the JSON file of another program without touching anything else in it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace belay::credentials {

/// `text` with the value at `pointer` (RFC 6901, through objects only) replaced by `value`, which is JSON; the rest
/// stays byte for byte. The last member is added when its object lacks it. The error says what is wrong and never
/// quotes values.
Result<std::string> splice(std::string_view text, std::string_view pointer, std::string_view value);

}  // namespace belay::credentials
