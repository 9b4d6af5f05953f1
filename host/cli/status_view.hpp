// What `belay status` prints.
#pragma once

#include <string>

#include "base/time.hpp"
#include "runtime/runtime.hpp"
#include "screen.hpp"

namespace belay::cli {

std::string status_text(const runtime::Status& status, UnixMs now, const Screen& screen);
std::string status_json(const runtime::Status& status);

/// "ready", "expired": what an availability means to a person.
std::string_view told(credentials::Availability availability);

/// Only a person can bring it back.
bool needs_a_person(const credentials::Status& credential);

}  // namespace belay::cli
