#include "refresh_child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "refresh_wire.hpp"
#include "writing.hpp"

extern char** environ;  // NOLINT: POSIX has it nowhere else

namespace belay::cli {
namespace {

constexpr int above_standard = 10;  ///< where our own ends live, out of the way of the numbers the child gets

Fd high(Fd fd) { return Fd(fcntl(fd.get(), F_DUPFD_CLOEXEC, above_standard)); }

/// The request as an open file without a name, positioned at its start.
Fd request_file(const credentials::RefreshRequest& request) {
  Fd file(memfd_create("belay-refresh", MFD_CLOEXEC));
  if (!file || write_all(file.get(), encode(request, system_clock().mono())) != Written::whole) return {};
  if (lseek(file.get(), 0, SEEK_SET) != 0) return {};
  return high(std::move(file));
}

/// What spawning needs, released on every path.
class Plan {
 public:
  Plan() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~Plan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  /// -1 with errno set when it can't be started.
  pid_t spawn(const RefreshChild& child, int request, int result) {
    for (int fd = 0; fd < 3; ++fd) posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions_, request, refresh_request_fd);
    posix_spawn_file_actions_adddup2(&actions_, result, refresh_result_fd);
    // Whatever else is open here, also what others gave us without our knowledge: an upstream's connection, a pipe that
    // someone waits on.
    posix_spawn_file_actions_addclosefrom_np(&actions_, refresh_result_fd + 1);
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    std::vector<char*> words;
    for (const std::string& word : child.words) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    pid_t pid = -1;
    const int code = posix_spawn(&pid, child.program.c_str(), &actions_, &attributes_, words.data(), environ);
    errno = code;
    return code == 0 ? pid : -1;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

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

void reap(pid_t pid) {
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

credentials::RefreshResult unfinished(std::string message) {
  credentials::RefreshResult result;
  result.message = std::move(message);
  return result;
}

}  // namespace

std::optional<credentials::RefreshResult> refresh_in_child(const RefreshChild& child,
                                                           const credentials::RefreshRequest& request, int leaving) {
  const std::string who = request.provider + "#" + request.id;
  const Fd question = request_file(request);
  int ends[2] = {-1, -1};
  if (!question || pipe2(ends, O_CLOEXEC) != 0) {
    log(LogLevel::info, who, "no descriptor for a refresh process, refreshing here: " + errno_text(errno));
    return std::nullopt;
  }
  const Fd answer(ends[0]);
  Fd result = high(Fd(ends[1]));
  const pid_t pid = result ? Plan().spawn(child, question.get(), result.get()) : -1;
  if (pid < 0) {
    log(LogLevel::info, who, "no refresh process, refreshing here: " + errno_text(errno));
    return std::nullopt;
  }
  result.reset();  // so that the pipe ends when the child does
  std::string text;
  if (listen_to(answer.get(), leaving, text) == Listened::left) return unfinished("left to its own process");
  reap(pid);
  if (!text.starts_with(refresh_ready)) {
    log(LogLevel::info, who, "the refresh process could not start its work, refreshing here");
    return std::nullopt;
  }
  auto decoded = decode_result(std::string_view(text).substr(refresh_ready.size()));
  return decoded ? *std::move(decoded) : unfinished("the refresh process ended unexpectedly");
}

}  // namespace belay::cli
