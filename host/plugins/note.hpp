// The note by which a file is known before any of it runs (belay/entry.h), and what this host says to its ABI.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "plugins/registry.hpp"

namespace belay::plugins {

/// `description` is the note's, as in the file. The error is the rest of a sentence about the file.
Result<NoteFacts> parse_note(std::string_view description);

/// Why this host can't drive a plugin of that ABI, with both sides' numbers; nullopt: it can.
std::optional<std::string> abi_refusal(const NoteFacts& note);

}  // namespace belay::plugins
