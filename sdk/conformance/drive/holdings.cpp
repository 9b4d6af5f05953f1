// /proc/self, read into Holdings.
#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "drive/process_state.hpp"

namespace belay::conform {
namespace {

namespace fs = std::filesystem;

std::map<int, std::string> open_descriptors() {
  std::map<int, std::string> open;
  DIR* folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return open;
  const int own = ::dirfd(folder);
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] == '.') continue;
    const int fd = std::atoi(entry->d_name);
    if (fd == own) continue;
    char target[512];
    const ssize_t length = ::readlinkat(own, entry->d_name, target, sizeof target);
    open[fd] = length > 0 ? std::string(target, static_cast<std::size_t>(length)) : "?";
  }
  ::closedir(folder);
  return open;
}

std::vector<int> tasks() {
  std::vector<int> ids;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc/self/task", ignored)) ids.push_back(std::atoi(entry.path().filename().c_str()));
  std::sort(ids.begin(), ids.end());
  return ids;
}

/// A mapping is told by its file; anonymous memory is the allocators' and counts only where it can be executed, which no allocator's can.
std::map<std::string, int> mapped_files() {
  std::map<std::string, int> files;
  std::ifstream maps("/proc/self/maps");
  std::string line;
  while (std::getline(maps, line)) {
    // "5581a000-5581b000 r-xp 00000000 08:01 1234   /usr/lib/..."
    const std::size_t rights = line.find(' ');
    if (rights == std::string::npos) continue;
    const bool executable = line.size() > rights + 3 && line[rights + 3] == 'x';
    const std::size_t path = line.find('/');
    if (path != std::string::npos) {
      files[line.substr(path)] = 1;   // how many pieces a file is in changes with mprotect()
    } else if (executable && line.find('[') == std::string::npos) {
      ++files["anonymous, executable"];
    }
  }
  return files;
}

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> names;
  if (folder.empty()) return names;
  std::error_code ignored;
  for (auto entry = fs::recursive_directory_iterator(folder, ignored); entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
    names.push_back(entry->path().lexically_relative(folder).string());
    if (ignored) break;
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Holdings holdings(const std::string& folder) { return {open_descriptors(), tasks(), mapped_files(), files_in(folder)}; }

std::vector<int> threads_settling_to(std::size_t expected) {
  std::vector<int> now = tasks();
  for (int i = 0; i < 100 && now.size() > expected; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));   // /proc has no event to wait for
    now = tasks();
  }
  return now;
}

std::optional<std::string> difference(const Holdings& before, const Holdings& after) {
  for (const auto& [fd, target] : after.descriptors) {
    const auto was = before.descriptors.find(fd);
    if (was == before.descriptors.end()) return "descriptor " + std::to_string(fd) + " (" + target + ") was left open";
    if (was->second != target) return "descriptor " + std::to_string(fd) + " led to " + was->second + " and leads to " + target;
  }
  for (const auto& [fd, target] : before.descriptors) {
    if (!after.descriptors.contains(fd)) return "descriptor " + std::to_string(fd) + " (" + target + ") was closed";
  }
  if (after.threads.size() > before.threads.size()) {
    return std::to_string(after.threads.size() - before.threads.size()) + " thread(s) more than before";
  }
  for (const auto& [what, count] : after.mappings) {
    const auto was = before.mappings.find(what);
    if (was == before.mappings.end() || was->second < count) return "a mapping of " + what + " was left behind";
  }
  for (const std::string& file : after.files) {
    if (!std::binary_search(before.files.begin(), before.files.end(), file)) return "the file " + file + " was left in its folder";
  }
  return std::nullopt;
}

}  // namespace belay::conform
