#include "call_input.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file.hpp"

namespace belay::cli {
namespace {

constexpr std::size_t limit_bytes = 64U << 20;
constexpr int silence_ms = 2000;

enum class Waited { readable, silent, interrupted };

Waited wait_readable(int fd, int interrupt, int at_most_ms) {
  pollfd watched[2] = {{fd, POLLIN, 0}, {interrupt, POLLIN, 0}};
  int ready = 0;
  do {
    ready = poll(watched, 2, at_most_ms);
  } while (ready < 0 && errno == EINTR);
  if (watched[1].revents != 0) return Waited::interrupted;
  return ready == 0 ? Waited::silent : Waited::readable;
}

/// How much to ask for. A file's size is known: it is read in one go, and one byte more, so that its end is seen
/// without another turn.
std::size_t piece_of(const struct stat& facts, std::size_t had) {
  if (!S_ISREG(facts.st_mode) || had != 0) return 65536;
  return std::min<std::size_t>(static_cast<std::size_t>(facts.st_size), limit_bytes) + 1;
}

}  // namespace

Result<std::optional<std::string>> read_input(int fd, int interrupt, const Console& console) {
  using Input = std::optional<std::string>;
  struct stat facts {};
  if (isatty(fd) != 0 || fstat(fd, &facts) != 0) return Input();
  int patience_ms = silence_ms;
  std::string text;
  while (true) {
    const Waited waited = wait_readable(fd, interrupt, patience_ms);
    if (waited == Waited::interrupted) return Input();
    patience_ms = -1;
    if (waited == Waited::silent) {
      tell(console, "waiting for the end of standard input (`</dev/null` if there is none to read)");
      continue;
    }
    const std::size_t had = text.size();
    const std::size_t piece = piece_of(facts, had);
    text.resize(had + piece);
    const ssize_t n = read(fd, text.data() + had, piece);
    const int code = errno;
    text.resize(had + (n > 0 ? static_cast<std::size_t>(n) : 0));
    if (n < 0 && (code == EAGAIN || code == EINTR)) continue;
    if (n < 0) return fail("cannot read standard input: " + errno_text(code));
    if (n == 0) break;
    if (text.size() > limit_bytes) return fail("standard input is larger than 64 MiB");
  }
  if (text.empty()) return Input();
  return Input(std::move(text));
}

}  // namespace belay::cli
