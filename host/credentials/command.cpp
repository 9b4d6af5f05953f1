#include "command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file.hpp"

extern char** environ;

namespace belay::credentials {
namespace {

/// A running program; kills its group and reaps it when it goes out of scope.
class Child {
 public:
  static Result<Child> start(const std::vector<std::string>& argv, int output);
  explicit Child(pid_t pid) : pid_(pid), ended_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {}
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), ended_(std::move(other.ended_)) {}
  Child& operator=(Child&&) = delete;
  ~Child() {
    if (pid_ > 0) finish();
  }

  /// Readable when the program has ended; -1 where the kernel, or a sandbox, has no such descriptor.
  [[nodiscard]] int end_descriptor() const { return ended_.get(); }
  [[nodiscard]] bool ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
  }

  /// Kills what is left of the group and returns the exit status.
  int finish() {
    int status = 0;
    // Before waitpid: until the leader is reaped nobody else can get its number as a process group.
    kill(-pid_, SIGKILL);
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_;
  Fd ended_;
};

Result<Child> Child::start(const std::vector<std::string>& argv, int output) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setsigdefault(&how, &all);
  posix_spawnattr_setpgroup(&how, 0);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  pid_t pid = -1;
  const int code = posix_spawnp(&pid, words[0], &files, &how, words.data(), environ);
  posix_spawnattr_destroy(&how);
  posix_spawn_file_actions_destroy(&files);
  if (code != 0) return fail("could not be started: " + errno_text(code));
  return Child(pid);
}

/// Appends what is there now. False at the end of the output.
bool take(int fd, std::string& text) {
  char buffer[4096];
  const ssize_t got = read(fd, buffer, sizeof buffer);
  if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

}  // namespace

Result<CommandOutput> run_command(const std::vector<std::string>& argv, Millis limit, const CancelToken& cancel,
                                  std::size_t most) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail("could not be started: " + errno_text(errno));
  const Fd from{ends[0]};
  Fd to{ends[1]};
  fcntl(from.get(), F_SETFL, O_NONBLOCK);
  const MonoTime until = std::chrono::steady_clock::now() + limit;
  auto child = Child::start(argv, to.get());
  if (!child) return child.error();
  to.reset();

  // Until the program has ended and the pipe is empty. Its end counts, not the pipe's: something that it left in the
  // background may hold that open.
  CommandOutput output;
  const std::int64_t longest_wait = child->end_descriptor() >= 0 ? 60'000 : 5;
  for (bool open = true;;) {
    const bool ended = child->ended();
    const auto left = std::chrono::ceil<Millis>(until - std::chrono::steady_clock::now());
    if (cancel.cancelled()) return fail("was cancelled");
    if (left <= Millis::zero() && !ended) return fail("took longer than " + format_duration(limit));
    pollfd ready[3] = {
        {open ? from.get() : -1, POLLIN, 0}, {child->end_descriptor(), POLLIN, 0}, {cancel.descriptor(), POLLIN, 0}};
    poll(ready, 3, ended ? 0 : static_cast<int>(std::min(left.count(), longest_wait)));
    if (ready[0].revents != 0) open = take(from.get(), output.text);
    if (output.text.size() > most) return fail("printed more than " + std::to_string(most) + " bytes");
    if (ended && (!open || ready[0].revents == 0)) break;
  }
  output.status = child->finish();
  return output;
}

}  // namespace belay::credentials
