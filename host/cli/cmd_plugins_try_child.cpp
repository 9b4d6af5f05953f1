// `belay plugins try-child`: what plugin_trial.hpp starts. Maps one image, makes the instances it is told of, says how it
// went.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "no_notes.hpp"
#include "plugin_trial.hpp"
#include "writing.hpp"

namespace belay::cli {
namespace {

Result<std::string> read_request() {
  std::string text;
  char piece[4096];
  while (true) {
    const ssize_t n = read(trial_request_fd, piece, sizeof piece);
    if (n < 0)
      return fail("there is no plugin to be tried on descriptor " + std::to_string(trial_image_fd) +
                  "; belay starts this command itself");
    if (n == 0) return text;
    text.append(piece, static_cast<std::size_t>(n));
  }
}

void tell(std::string line) {
  line += '\n';
  (void)write_all(trial_result_fd, line);
}

int run(const Arguments& /*arguments*/, Console& console) {
  const auto text = read_request();
  const auto request = text ? decode_trial(*text) : text.error();
  if (!request) {
    complain(console, request.error().message);
    return exit_usage;
  }
  for (const int fd : {trial_image_fd, trial_request_fd, trial_result_fd}) fcntl(fd, F_SETFD, FD_CLOEXEC);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody is left who wants to know
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  set_log_level(LogLevel::off);
  NoNotes services;
  const auto end = plugins::try_image(trial_image_fd, request->path, request->trials, services,
                                      [](std::string_view step) { tell("step " + std::string(step)); });
  tell(end ? "good" : "bad " + printable(end.error().message));
  // What a plugin would do when its process ends is no part of the trial.
  _exit(exit_answered);
}

}  // namespace

const Command plugins_try_child_command{.name = "plugins try-child",
                                        .summary = "maps one plugin and makes its instances for a gateway that wants to know",
                                        .about = "",
                                        .options = {},
                                        .operands = {},
                                        .examples = {},
                                        .hidden = true,
                                        .run = run};

}  // namespace belay::cli
