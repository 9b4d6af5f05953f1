// How a credential's state is told.
#pragma once

#include <string_view>

#include "credentials/store.hpp"

namespace belay::gateway::sight {

/// One word, for a label.
std::string_view metric_word(credentials::Availability availability);
/// As `belay status` tells it.
std::string_view told(credentials::Availability availability);
/// Only a person can bring it back.
bool needs_a_person(const credentials::Status& credential);

}  // namespace belay::gateway::sight
