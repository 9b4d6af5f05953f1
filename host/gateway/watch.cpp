#include "gateway/watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace belay::gateway {

Result<Watch> Watch::create() {
  Fd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd) return fail("cannot watch the configuration files: " + errno_text(errno));
  return Watch(std::move(fd));
}

void Watch::files(const std::vector<std::string>& paths) {
  // The new ones first: a folder that stays keeps its watch, and what happened in it meanwhile is still reported.
  std::map<int, std::filesystem::path> before = std::move(folders_);
  folders_.clear();
  paths_.clear();
  constexpr std::uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;
  const auto add = [&](const std::filesystem::path& file) {
    paths_.insert(file);
    const int watch = ::inotify_add_watch(fd_.get(), file.parent_path().c_str(), events);
    if (watch >= 0) folders_[watch] = file.parent_path();
  };
  for (const auto& path : paths) {
    std::error_code ignored;
    const auto file = std::filesystem::absolute(path, ignored);
    add(file);
    // What a symbolic link leads to may be what gets replaced (Kubernetes mounts configuration like that).
    if (const auto real = std::filesystem::canonical(file, ignored); !ignored && real != file) add(real);
  }
  for (const auto& [watch, folder] : before) {
    if (!folders_.contains(watch)) ::inotify_rm_watch(fd_.get(), watch);
  }
}

bool Watch::changed() {
  bool ours = false;
  alignas(inotify_event) std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t got = ::read(fd_.get(), buffer.data(), buffer.size());
    if (got <= 0) return ours;
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      if ((event->mask & IN_Q_OVERFLOW) != 0) ours = true;
      const auto folder = folders_.find(event->wd);
      if (folder == folders_.end() || event->len == 0) continue;
      const auto path = folder->second / event->name;
      ours = ours || paths_.contains(path) || path.extension() == ".toml" || path.filename() == "..data";
    }
  }
}

}  // namespace belay::gateway
