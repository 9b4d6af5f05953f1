#include "writing.hpp"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace belay::cli {
namespace {

enum class Ready { yes, interrupted };

Ready wait_writable(int fd, int interrupt) {
  pollfd watched[2] = {{fd, POLLOUT, 0}, {interrupt, POLLIN, 0}};
  while (poll(watched, 2, -1) < 0 && errno == EINTR) {
  }
  // A reader that is there gets its text; the interruption only ends the waiting for one that isn't reading.
  if (watched[0].revents != 0) return Ready::yes;
  return Ready::interrupted;
}

void do_nothing(int) {}

}  // namespace

std::size_t write_some(int fd, std::string_view text, Written& result) {
  result = Written::whole;
  // A pipe that polls as writable takes PIPE_BUF bytes without blocking, not more for certain.
  const ssize_t n = write(fd, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
  if (n >= 0) return static_cast<std::size_t>(n);
  if (errno == EPIPE) {
    result = Written::reader_gone;
  } else if (errno != EINTR && errno != EAGAIN) {
    result = Written::failed;
  }
  return 0;
}

Written write_all(int fd, std::string_view text, int interrupt) {
  Written result = Written::whole;
  while (!text.empty() && result == Written::whole) {
    if (wait_writable(fd, interrupt) == Ready::interrupted) return Written::interrupted;
    text.remove_prefix(write_some(fd, text, result));
  }
  return result;
}

void keep_standard_descriptors() {
  // Opened for the direction that nobody will use, so that a use is an error rather than silence.
  const int directions[3] = {O_RDONLY, O_RDONLY, O_WRONLY};
  for (int fd = 0; fd < 3; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    const int opened = open("/dev/null", directions[fd]);
    if (opened >= 0 && opened != fd) {
      dup2(opened, fd);
      close(opened);
    }
  }
}

void survive_closed_pipes() {
  struct sigaction action {};
  action.sa_handler = do_nothing;
  action.sa_flags = SA_RESTART;
  sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace belay::cli
