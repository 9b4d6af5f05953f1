// From words to Arguments, by the command's row. A parser of our own: the table is ours anyway, and a library made
// every start of the program 50 µs and 300 KB heavier.
//
// Options may stand anywhere: --name VALUE, --name=VALUE, --switch, -h. After "--" everything is an operand; "-" alone
// always is one.
#pragma once

#include <span>
#include <string>

#include "base/result.hpp"
#include "command.hpp"

namespace belay::cli {

/// `words` are those after the command's name. The error is one sentence that ends with the way out.
Result<Arguments> parse(const Command& command, std::span<const std::string> words);

/// Options that every command has may also stand before it: `belay --config FILE call` becomes `belay call --config
/// FILE`.
std::vector<std::string> command_first(std::span<const std::string> words);

}  // namespace belay::cli
