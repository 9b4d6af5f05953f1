#include "process_facts.hpp"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace belay::gateway::sight {
namespace {

/// The fields of /proc/self/stat behind the name, which may hold spaces; [0] is field 3, the state.
std::vector<std::string> stat_fields() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(line.substr(name_end + 1));
  std::vector<std::string> out;
  for (std::string word; rest >> word;) out.push_back(word);
  return out;
}

double now(clockid_t clock) {
  timespec moment{};
  ::clock_gettime(clock, &moment);
  return static_cast<double>(moment.tv_sec) + static_cast<double>(moment.tv_nsec) / 1e9;
}

std::uint64_t count_fds() {
  std::error_code error;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end; !error && entry != end;
       entry.increment(error))
    ++count;
  return count > 0 ? count - 1 : 0;  // the listing's own one is left out
}

}  // namespace

ProcessFacts process_facts() {
  ProcessFacts out;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto fields = stat_fields();
  const auto field = [&](std::size_t number) {
    return number - 3 < fields.size() ? std::strtoull(fields[number - 3].c_str(), nullptr, 10) : 0;
  };
  out.cpu_seconds = now(CLOCK_PROCESS_CPUTIME_ID);
  out.threads = field(20);
  out.started = now(CLOCK_REALTIME) - now(CLOCK_BOOTTIME) + static_cast<double>(field(22)) / ticks;
  out.virtual_bytes = field(23);
  out.resident_bytes = field(24) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  out.open_fds = count_fds();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) out.max_fds = limit.rlim_cur;
  return out;
}

}  // namespace belay::gateway::sight
