// Completion scripts, made from the command table. Names from the configuration (routes, targets, credentials) are
// asked of `belay words` when they are needed, so a script never has to be made again.
#pragma once

#include <string>

namespace belay::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace belay::cli
