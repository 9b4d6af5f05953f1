// The forms in which a secret turns up in texts that come back from outside.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "secret_memory.hpp"

namespace belay {

inline constexpr std::size_t shortest_scrubbed = 6;

/// The value itself, percent-encoded (both cases of the digits), escaped in JSON (with and without "\/"), and the part
/// of base64("user:" + value) that does not depend on the user, for each length of it. Each form once; none is shorter
/// than shortest_scrubbed. None at all of a shorter value.
std::vector<SecretBytes> secret_forms(std::string_view value);

}  // namespace belay
