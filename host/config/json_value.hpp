// Values that go on to plugins and upstreams as JSON: [provider.NAME.options] and a route's params.
#pragma once

#include <optional>
#include <string>

#include "section.hpp"

namespace belay::config {

/// `value` as compact JSON text; nullopt when it (or anything in it) has no JSON form, which is reported in the name of
/// `section`.
std::optional<std::string> json_value(const Section& section, const Node& value);

}  // namespace belay::config
