#include "run/stragglers.hpp"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace belay::conform {
namespace {

using namespace std::chrono_literals;

/// The fourth word of /proc/PID/stat; the second, the name, may hold spaces and parentheses.
pid_t parent_of(pid_t pid) {
  char path[64], text[512];
  std::snprintf(path, sizeof path, "/proc/%d/stat", static_cast<int>(pid));
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path, "re"), std::fclose);
  if (!file) return -1;
  const std::string stat(text, std::fread(text, 1, sizeof text, file.get()));
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos || name_end + 4 > stat.size()) return -1;
  return static_cast<pid_t>(std::strtol(stat.c_str() + name_end + 4, nullptr, 10));
}

std::vector<pid_t> children() {
  std::vector<pid_t> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(opendir("/proc"), closedir);
  if (!proc) return out;
  while (const dirent* entry = readdir(proc.get())) {
    const auto pid = static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10));
    if (pid > 0 && parent_of(pid) == getpid()) out.push_back(pid);
  }
  return out;
}

bool any_child() {
  siginfo_t info{};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

}  // namespace

std::size_t end_stragglers(const std::set<pid_t>& spared) {
  std::set<pid_t> found;
  const auto until = std::chrono::steady_clock::now() + 5s;
  while (any_child() && std::chrono::steady_clock::now() < until) {
    bool more = false;
    for (const pid_t pid : children()) {
      if (spared.count(pid) != 0) continue;
      more = true;
      found.insert(pid);
      kill(pid, SIGKILL);
      // What it forked comes to us when it is reaped.
      if (waitpid(pid, nullptr, WNOHANG) == 0) std::this_thread::sleep_for(2ms);
    }
    if (!more) break;
  }
  return found.size();
}

}  // namespace belay::conform
