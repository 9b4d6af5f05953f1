#include "spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.hpp"

extern char** environ;  // NOLINT: POSIX has it nowhere else

namespace belay::cli {
namespace {

constexpr int first = 3;
constexpr int out_of_the_way = 20;  ///< where copies wait for the numbers that the child gets

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

  pid_t spawn(const Program& program, const std::vector<Fd>& descriptors) {
    for (int fd = 0; fd < first; ++fd) posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0);
    int next = first;
    for (const Fd& fd : descriptors) posix_spawn_file_actions_adddup2(&actions_, fd.get(), next++);
    // Whatever else is open here, also what others gave us without our knowledge: an upstream's connection, a pipe that
    // someone waits on.
    posix_spawn_file_actions_addclosefrom_np(&actions_, next);
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    std::vector<char*> words;
    for (const std::string& word : program.words) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    pid_t pid = -1;
    const int code = posix_spawn(&pid, program.path.c_str(), &actions_, &attributes_, words.data(), environ);
    errno = code;
    return code == 0 ? pid : -1;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

pid_t spawn_apart(const Program& program, const std::vector<int>& descriptors) {
  std::vector<Fd> copies;
  for (const int fd : descriptors) {
    copies.emplace_back(fcntl(fd, F_DUPFD_CLOEXEC, out_of_the_way));
    if (!copies.back()) return -1;
  }
  return Plan().spawn(program, copies);
}

int reap(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace belay::cli
