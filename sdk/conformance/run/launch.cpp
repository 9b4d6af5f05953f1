#include "run/launch.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "run/crumb.hpp"
#include "run/syscall_filter.hpp"

namespace belay::conform {
namespace {

struct Pipe {
  Fd read, write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail("can't make a pipe: " + errno_text(errno));
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

Fd memory_file(const char* name) { return Fd(static_cast<int>(syscall(SYS_memfd_create, name, 1u /* MFD_CLOEXEC */))); }

/// A clean one: what a plugin finds there must not depend on who runs the tool, and a secret of the caller's is no business of it.
std::vector<std::string> environment(const std::string& temp) {
  std::vector<std::string> out = {"HOME=" + temp, "TMPDIR=" + temp, "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "TZ=UTC"};
  for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) out.push_back(std::string(name) + "=" + value);
  }
  return out;
}

/// Only what works between fork and exec in any process.
class Departure {
 public:
  Departure(const Watch& watch, int setup, int verdict, int crumbs, int output, int errors)
      : watch_(watch), from_{setup, verdict, crumbs, output, errors}, environment_(environment(watch.errand.setup.temp)) {
    for (auto& entry : environment_) pointers_.push_back(entry.data());
    pointers_.push_back(nullptr);
  }

  [[noreturn]] void go(pid_t supervisor, pid_t supervisor_group) {
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor) _exit(4);
    place_descriptors();
    for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    umask(077);
    if (chdir(watch_.errand.setup.temp.c_str()) != 0) _exit(4);
    prefer_for_oom();
    limit_resources(watch_.limit);
    protect({watch_.tool, watch_.tool_group, supervisor, supervisor_group});
    if (!watch_.own_transport) no_network();
    char name[] = "belay-conform";
    std::string hidden = child_argument;
    char* words[] = {name, hidden.data(), nullptr};
    execve("/proc/self/exe", words, pointers_.data());
    _exit(4);
  }

 private:
  void place_descriptors() {
    // First out of the way of the numbers they are to have.
    int high[5];
    for (std::size_t i = 0; i < 5; ++i) high[i] = fcntl(from_[i], F_DUPFD_CLOEXEC, 300);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, 0);
    dup2(high[3], 1);
    dup2(high[4], 2);
    dup2(high[0], setup_fd);
    dup2(high[1], verdict_fd);
    dup2(high[2], crumb_fd);
    syscall(SYS_close_range, setup_fd + 1, verdict_fd - 1, 0);
    syscall(SYS_close_range, crumb_fd + 1, ~0u, 0);
  }

  /// Out of memory: this one, nothing else of the machine.
  static void prefer_for_oom() {
    const int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    if (write(fd, "1000", 4) < 0) {}
    close(fd);
  }

  static void no_network() {
    install_filter({{SYS_socket, CallRule::When::equals, 0, 2 /* AF_INET */}, {SYS_socket, CallRule::When::equals, 0, 10 /* AF_INET6 */}});
  }

  const Watch& watch_;
  const int from_[5];
  std::vector<std::string> environment_;
  std::vector<char*> pointers_;
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace

Result<LaunchedChild> launch(const Watch& watch) {
  LaunchedChild child;
  auto setup = make_pipe();
  auto verdict = make_pipe();
  if (!setup) return setup.error();
  if (!verdict) return verdict.error();
  child.crumbs = memory_file("breadcrumbs");
  child.output = memory_file("stdout");
  child.errors = memory_file("stderr");
  if (!child.crumbs || !child.output || !child.errors || ftruncate(child.crumbs.get(), crumb_bytes) != 0)
    return fail("can't make files in memory: " + errno_text(errno));
  child.key = draw_key();

  Departure departure(watch, setup->read.get(), verdict->write.get(), child.crumbs.get(), child.output.get(), child.errors.get());
  const pid_t supervisor = getpid(), supervisor_group = getpgid(0);
  child.pid = fork();
  if (child.pid < 0) return fail("can't fork: " + errno_text(errno));
  if (child.pid == 0) departure.go(supervisor, supervisor_group);

  verdict->write.reset();
  setup->read.reset();
  std::signal(SIGPIPE, SIG_IGN);
  // More than a pipe holds at once can only wait for a child that reads.
  write_all(setup->write.get(), std::string_view(child.key.data(), child.key.size()));
  write_all(setup->write.get(), pack(watch.errand));
  child.verdict = std::move(verdict->read);
  fcntl(child.verdict.get(), F_SETFL, O_NONBLOCK);
  return child;
}

}  // namespace belay::conform
