// What `belay --help` and `belay COMMAND --help` print.
#pragma once

#include <string>

#include "command.hpp"

namespace belay::cli {

/// "belay call", "[--route ROUTE]", ..., "[TEXT]"
std::vector<std::string> synopsis(const Command& command);

/// One option as it is typed: "--route ROUTE", "-h, --help".
std::string spelling(const Option& option);

std::string command_help(const Command& command, const Screen& screen);
/// What stands behind a first word that is no command of its own: "credential".
std::string group_help(const std::string& first, const Screen& screen);
std::string program_help(const Screen& screen);

/// What the exit codes mean, as pairs of code and meaning; also for the manual.
struct ExitMeaning {
  std::string_view code, meaning;
};
std::span<const ExitMeaning> exit_meanings();

}  // namespace belay::cli
