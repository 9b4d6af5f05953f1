// One line of the access log: a JSON object with what one request was, never what it said.
#pragma once

#include <string>

#include "json_line.hpp"
#include "sight/record.hpp"

namespace belay::gateway::sight {

/// Whole, with its line end. Not scrubbed yet.
void write_access_line(JsonLine& line, const RequestRecord& record);

/// 2026-11-24T16:01:36.512Z
std::string rfc3339_ms(UnixMs moment);

}  // namespace belay::gateway::sight
