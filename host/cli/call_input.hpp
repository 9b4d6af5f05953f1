// Standard input of `belay call`.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "console.hpp"

namespace belay::cli {

/// What is piped in, read to its end; nullopt when there is nothing (a terminal, a closed descriptor, an empty pipe) or
/// when `interrupt` became readable meanwhile. A pipe that stays silent for two seconds is mentioned on stderr, because
/// a program that waits without a word looks broken. [blocks]
Result<std::optional<std::string>> read_input(int fd, int interrupt, const Console& console);

}  // namespace belay::cli
