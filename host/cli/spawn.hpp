// Starts a program apart from this one: in a session of its own, so that a Ctrl-C or a kill of our process group does not
// reach it, with the usual signals, /dev/null as its standard streams, and no descriptor but those that it is handed.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace belay::cli {

/// A program of ours is this one again: "/proc/self/exe".
struct Program {
  std::string path = "/proc/self/exe";
  std::vector<std::string> words;  ///< argv
};

/// `descriptors` are 3, 4, ... there. It inherits the environment and the working folder. -1 with errno set when it can't
/// be started. Whoever starts it reaps it.
pid_t spawn_apart(const Program& program, const std::vector<int>& descriptors);

/// Waits until it has ended; its status as waitpid(2) tells it.
int reap(pid_t pid);

}  // namespace belay::cli
