// The whole program after main(): finds the command, parses, runs.
#pragma once

namespace belay::cli {

int program(int count, char** words);

}  // namespace belay::cli
