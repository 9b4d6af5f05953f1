// `belay status`: holds and credentials as they stand.
#include <poll.h>

#include <algorithm>

#include "commands.hpp"
#include "exit_code.hpp"
#include "interrupt.hpp"
#include "open.hpp"
#include "status_view.hpp"
#include "writing.hpp"

namespace belay::cli {
namespace {

constexpr Option options[] = {
    {"--watch", "", "again every second, until Ctrl-C"},
    {"--json", "", "one JSON object; with --watch one line a second"},
};

constexpr Example examples[] = {
    {"belay status", "who is held and for how long, which login needs you"},
    {"belay status --json | jq '.credentials[] | select(.state == \"missing\")'",
     "credentials whose source yields nothing"},
};

std::string view(runtime::Runtime& runtime, const Arguments& arguments, const Screen& screen) {
  const runtime::Status status = runtime.status();
  return arguments.has("--json") ? status_json(status) : status_text(status, system_clock().unix_ms(), screen);
}

/// At most as many lines as the screen has; what does not fit is counted.
std::string cut_to_screen(const std::string& text, const Screen& screen) {
  std::string shown;
  std::size_t lines = 0, hidden = 0;
  const std::size_t room = std::max<std::size_t>(screen.height, 3) - 2;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (lines++ < room) {
      shown += text.substr(at, end - at) + "\x1b[K\n";
    } else {
      ++hidden;
    }
    at = end + 1;
  }
  if (hidden > 0) shown += paint(screen, Ink::dim, std::to_string(hidden) + " more lines") + "\x1b[K\n";
  return shown;
}

/// On a terminal on a page of its own, which is gone afterwards; the last view stays.
int watch(runtime::Runtime& runtime, const Arguments& arguments, const Console& console) {
  const Interrupt interrupt;
  const bool page = console.out.moves && !arguments.has("--json");
  if (page) (void)write_all(console.out.fd, "\x1b[?1049h");
  int code = exit_answered;
  std::string last;
  bool first = true;
  while (code == exit_answered) {
    const Screen screen = page ? look_at(console.out.fd, process_variable) : console.out;
    last = view(runtime, arguments, screen);
    if (page) {
      code = print(console, "\x1b[H" + cut_to_screen(last, screen) + "\x1b[J");
    } else {
      code = print(console, (first || arguments.has("--json") ? "" : "\n") + last);
    }
    first = false;
    pollfd watched{interrupt.descriptor(), POLLIN, 0};
    if (poll(&watched, 1, 1000) > 0 && interrupt.signal() != 0) break;
  }
  if (page) (void)write_all(console.out.fd, "\x1b[?1049l" + last);
  return code;
}

int run(const Arguments& arguments, Console& console) {
  const auto runtime = open_runtime(arguments, console);
  if (!runtime) return exit_usage;
  if (arguments.has("--watch")) return watch(*runtime, arguments, console);
  return print(console, view(*runtime, arguments, console.out));
}

}  // namespace

const Command status_command{.name = "status",
                             .summary = "holds, credentials (never their secrets), last refreshes, what you must do",
                             .about =
                                 "Shows every credential with its state, expiry and last refresh, every hold with the "
                                 "time left, and what only a person can "
                                 "mend. Processes that share a state see the same.",
                             .options = options,
                             .operands = {},
                             .examples = examples,
                             .run = run};

}  // namespace belay::cli
