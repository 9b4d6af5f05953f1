// MEM-03, 04, 05: the process around the plugin.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <vector>

#include "base/utf8.hpp"
#include "checks/memory.hpp"
#include "drive/greet.hpp"
#include "drive/material.hpp"
#include "drive/process_state.hpp"
#include "drive/test_host.hpp"
#include "run/child.hpp"

namespace belay::conform {

/// Catches: a descriptor, thread, mapping or file that is left behind.
void holdings_are_given_back(Case& c) {
  Subject& plugin = c.plugin();
  c.doing("everything once");
  const Holdings before = holdings(c.setup.temp);   // before the first create()
  const Materials all = material(c, plugin);
  exercise(c, plugin, all);
  threads_settling_to(before.threads.size());
  const auto found = difference(before, holdings(c.setup.temp));
  c.require(!found, "what the process holds is the same before and after", printable(found.value_or("")));
}

/// Catches: an attribute of the process or the host's thread that was changed.
void process_state_stays(Case& c) {
  Subject plugin;
  const ProcessState before = process_state();
  c.doing("loading, and everything once");
  greet(c, plugin, plugin.host.hello());
  const auto at_load = difference(before, process_state());
  c.require(!at_load, "the process is left as it was by constructors and entry", printable(at_load.value_or("")));
  exercise(c, plugin, material(c, plugin));
  const auto found = difference(before, process_state());
  c.require(!found, "the process is left as it was", printable(found.value_or("")));
}

namespace {

/// What a standard descriptor leads to.
struct Led {
  bool open = false;
  dev_t device = 0;
  ino_t file = 0;
  bool operator==(const Led&) const = default;
};
Led led(int fd) {
  struct stat there {};
  return ::fstat(fd, &there) == 0 ? Led{true, there.st_dev, there.st_ino} : Led{};
}

/// stdout and stderr lead into a file of memory as long as this lives.
class Redirected {
 public:
  Redirected() : file_(::memfd_create("printed", MFD_CLOEXEC)) {
    std::fflush(nullptr);
    for (const int fd : {1, 2}) {
      saved_[fd] = ::fcntl(fd, F_DUPFD_CLOEXEC, 100);
      ::dup2(file_, fd);
    }
    before_ = {led(0), led(1), led(2)};
  }
  ~Redirected() { restore(); }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

  /// What was printed until now, and what else is wrong; empty: nothing.
  std::string judge() {
    static constexpr const char* names[] = {"stdin", "stdout", "stderr"};
    for (int fd = 0; fd < 3; ++fd) {
      const Led now = led(fd);
      if (now != before_[static_cast<std::size_t>(fd)]) return std::string(names[fd]) + (now.open ? " leads elsewhere now" : " was closed");
    }
    std::fflush(nullptr);
    char text[120];
    const ssize_t size = ::pread(file_, text, sizeof text, 0);
    if (size <= 0) return {};
    return "it printed \"" + printable({text, static_cast<std::size_t>(size)}) + "\"";
  }
  void restore() {
    for (const int fd : {1, 2}) {
      if (saved_[fd] < 0) continue;
      ::dup2(saved_[fd], fd);
      ::close(saved_[fd]);
      saved_[fd] = -1;
    }
    if (file_ >= 0) ::close(file_);
    file_ = -1;
  }

 private:
  int file_;
  int saved_[3] = {-1, -1, -1};
  std::vector<Led> before_;
};

}  // namespace

/// Catches: a print, and a standard descriptor that was closed or led elsewhere.
void stdio_is_left_alone(Case& c) {
  Subject plugin;
  std::string wrong;
  {
    c.doing("loading, and everything once");
    Redirected standard;
    greet(c, plugin, plugin.host.hello());
    exercise(c, plugin, material(c, plugin));
    wrong = standard.judge();
  }
  c.require(wrong.empty(), "nothing is printed, and the standard descriptors stay as they are", wrong);
}

}  // namespace belay::conform
