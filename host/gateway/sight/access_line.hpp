// One line of the access log: a JSON object with what one request was, never what it said.
#pragma once

#include <string>

#include "kept.hpp"

namespace belay::gateway::sight {

/// Appends it with its line end. Not scrubbed yet.
void append_access_line(std::string& to, const Kept& kept);

/// 2026-11-24T16:01:36.512Z
std::string rfc3339_ms(UnixMs moment);

}  // namespace belay::gateway::sight
