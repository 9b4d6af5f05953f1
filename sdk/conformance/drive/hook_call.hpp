// refresh_credentials() with a sink of the check's own: one that has enough, refuses, or never comes back. (drive/play.hpp's refresh() is the comfortable way.)
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "drive/play.hpp"

namespace belay::conform {

/// What the sink answers to the field number `index` (from 0).
using FieldAnswer = std::function<belay_status(std::size_t index, std::string_view name, std::string_view value)>;

/// The cassette's credential, REJECTED. `emitted` has what the sink was given, also what it refused.
Refreshed call_hook(const Subject&, belay_instance*, const Cassette&, const FieldAnswer&, std::int64_t deadline_ms = 5000);

}  // namespace belay::conform
