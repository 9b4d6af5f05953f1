// Errors as the clients of each wire know them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/runtime.hpp"
#include "wire.hpp"

namespace belay::runtime::wires {

/// Chat and Responses: {"error":{"message","type","code","param","trace"}}; Messages: {"type":"error","error":{...},"request_id"}.
std::string error_body(const CallResult& result, Wire wire);
/// What ends a stream after its commit point; each makes the official clients throw.
std::vector<std::string> error_events(const CallResult& result, Wire wire);

}  // namespace belay::runtime::wires
