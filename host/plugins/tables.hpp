// Checks of a plugin's tables before anything in them is called. Each error is the rest of a sentence about the file.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "belay/entry.h"
#include "module.hpp"

namespace belay::plugins {

/// What the entry function gave: long enough, complete, and equal to what the note promised.
std::optional<std::string> plugin_refusal(const belay_plugin* plugin, const NoteFacts& note);

/// A copy of one descriptor with every text and array checked.
Result<Descriptor> describe(const belay_descriptor* raw);

/// The provider's slots and abilities, complete for its kind.
Result<Provider> provider_of(const belay_plugin& plugin, std::uint32_t index);

}  // namespace belay::plugins
