// Runs a program and takes its output: for exec: sources, the exec type and keyrings.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace belay::credentials {

struct CommandOutput {
  int status = 0;    ///< exit status; 128 + N when signal N ended it
  std::string text;  ///< standard output
};

/// Runs `argv` in a process group of its own, with standard input and error at /dev/null (error output of a credential
/// command may hold secrets). The whole group is killed when `limit` has passed, when `cancel` is cancelled, when more
/// than `most` bytes come, and when the program itself has ended. The errors are parts of a sentence: "took longer than
/// 30 s". [any thread, blocks]
Result<CommandOutput> run_command(const std::vector<std::string>& argv, Millis limit, const CancelToken& cancel,
                                  std::size_t most);

}  // namespace belay::credentials
