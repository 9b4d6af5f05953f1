#include "refresh_child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "refresh_wire.hpp"
#include "writing.hpp"

namespace belay::cli {
namespace {

/// The request as an open file without a name, positioned at its start.
Fd request_file(const credentials::RefreshRequest& request) {
  Fd file(memfd_create("belay-refresh", MFD_CLOEXEC));
  if (!file || write_all(file.get(), encode(request, system_clock().mono())) != Written::whole) return {};
  if (lseek(file.get(), 0, SEEK_SET) != 0) return {};
  return file;
}

enum class Listened { to_the_end, left };

/// Everything up to the end of the pipe, at most 1 MiB, unless `leaving` comes first.
Listened listen_to(int fd, int leaving, std::string& text) {
  char piece[4096];
  while (text.size() < (1U << 20)) {
    pollfd watched[2] = {{fd, POLLIN, 0}, {leaving, POLLIN, 0}};
    if (poll(watched, 2, -1) < 0) continue;
    if (watched[0].revents == 0) return Listened::left;
    const ssize_t n = read(fd, piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    text.append(piece, static_cast<std::size_t>(n));
  }
  return Listened::to_the_end;
}

credentials::RefreshResult unfinished(std::string message) {
  credentials::RefreshResult result;
  result.message = std::move(message);
  return result;
}

}  // namespace

std::optional<credentials::RefreshResult> refresh_in_child(const Program& child,
                                                           const credentials::RefreshRequest& request, int leaving) {
  const std::string who = request.provider + "#" + request.id;
  const Fd question = request_file(request);
  int ends[2] = {-1, -1};
  if (!question || pipe2(ends, O_CLOEXEC) != 0) {
    log(LogLevel::info, who, "no descriptor for a refresh process, refreshing here: " + errno_text(errno));
    return std::nullopt;
  }
  const Fd answer(ends[0]);
  Fd result(ends[1]);
  const pid_t pid = spawn_apart(child, {question.get(), result.get()});
  if (pid < 0) {
    log(LogLevel::info, who, "no refresh process, refreshing here: " + errno_text(errno));
    return std::nullopt;
  }
  result.reset();  // so that the pipe ends when the child does
  std::string text;
  if (listen_to(answer.get(), leaving, text) == Listened::left) return unfinished("left to its own process");
  (void)reap(pid);
  if (!text.starts_with(refresh_ready)) {
    log(LogLevel::info, who, "the refresh process could not start its work, refreshing here");
    return std::nullopt;
  }
  auto decoded = decode_result(std::string_view(text).substr(refresh_ready.size()));
  return decoded ? *std::move(decoded) : unfinished("the refresh process ended unexpectedly");
}

}  // namespace belay::cli
