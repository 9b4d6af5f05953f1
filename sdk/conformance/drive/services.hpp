// What stands behind get_extension() of the test host.
#pragma once

#include <string_view>

#include "belay/types.h"

namespace belay::conform {

/// The table of a service by id, or nullptr for one that no belay host has.
const void* service(std::string_view id);

/// belay.json/1, for the count of allocations (sheltered_json.cpp).
const void* sheltered_json();

/// Writes a text to the other side's room, cut on a character.
void put(belay_error* error, std::string_view text);

}  // namespace belay::conform
