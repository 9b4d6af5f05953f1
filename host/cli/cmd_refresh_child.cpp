// `belay credential refresh-child`: what refresh_child.hpp starts. Reads one request, answers one result.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/file.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "open.hpp"
#include "refresh_child.hpp"
#include "refresh_wire.hpp"
#include "writing.hpp"

namespace belay::cli {
namespace {

void do_nothing(int) {}

/// The person who pressed Ctrl-C ended the command, not this. Handlers rather than SIG_IGN: the commands of `exec:`
/// sources start with the usual ones.
void outlive_the_command() {
  struct sigaction action {};
  action.sa_handler = do_nothing;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGHUP, SIGPIPE}) sigaction(number, &action, nullptr);
}

Result<std::string> read_request() {
  std::string text;
  char piece[4096];
  while (true) {
    const ssize_t n = read(refresh_request_fd, piece, sizeof piece);
    if (n < 0)
      return fail("there is no refresh to be done on descriptor " + std::to_string(refresh_request_fd) +
                  "; belay starts this command itself");
    if (n == 0) return text;
    text.append(piece, static_cast<std::size_t>(n));
  }
}

int run(const Arguments& arguments, Console& console) {
  outlive_the_command();
  const auto text = read_request();
  if (!text) {
    complain(console, text.error().message);
    return exit_usage;
  }
  for (const int fd : {refresh_request_fd, refresh_result_fd}) fcntl(fd, F_SETFD, FD_CLOEXEC);
  const auto request = decode_request(*text, system_clock().mono());
  if (!request) {
    complain(console, request.error().message);
    return exit_usage;
  }
  auto settings = load_settings(arguments, console);
  if (!settings) return exit_usage;
  auto runtime = runtime::Runtime::open(*std::move(settings));
  if (!runtime) return exit_usage;
  if (write_all(refresh_result_fd, refresh_ready) == Written::failed) return exit_internal;
  // From here on nobody else does this refresh; whether anybody still waits for the result makes no difference to it.
  const auto result = (*runtime)->refresh_here(*request);
  (void)write_all(refresh_result_fd, encode(result));
  return exit_answered;
}

}  // namespace

const Command refresh_child_command{.name = "credential refresh-child",
                                    .summary = "carries out one refresh for a command that may end before it",
                                    .about = "",
                                    .options = {},
                                    .operands = {},
                                    .examples = {},
                                    .hidden = true,
                                    .run = run};

}  // namespace belay::cli
