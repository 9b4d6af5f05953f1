#include "gateway/watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace belay::gateway {

Result<Watch> Watch::create() {
  Fd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd) return fail("cannot watch the configuration files: " + errno_text(errno));
  return Watch(std::move(fd));
}

void Watch::files(const std::vector<std::string>& paths, const std::vector<std::string>& plugins) {
  // The new ones first: a folder that stays keeps its watch, and what happened in it meanwhile is still reported.
  const auto before = std::move(folders_);
  folders_.clear();
  paths_.clear();
  configs_.clear();
  plugins_.clear();
  const auto look_into = [&](const std::filesystem::path& folder, std::uint32_t more = 0) {
    constexpr std::uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;
    // A folder has one watch, whatever it is watched for: what was asked for before stays.
    const int watch = ::inotify_add_watch(fd_.get(), folder.c_str(), events | more | IN_MASK_ADD);
    const auto known = folders_.equal_range(watch);
    const bool new_name = std::none_of(known.first, known.second, [&](const auto& one) { return one.second == folder; });
    if (watch >= 0 && new_name) folders_.emplace(watch, folder);
  };
  const auto add = [&](const std::filesystem::path& file) {
    paths_.insert(file);
    configs_.insert(file.parent_path());
    look_into(file.parent_path());
  };
  for (const auto& path : paths) {
    std::error_code ignored;
    const auto file = std::filesystem::absolute(path, ignored);
    add(file);
    // What a symbolic link leads to may be what gets replaced (Kubernetes mounts configuration like that).
    if (const auto real = std::filesystem::canonical(file, ignored); !ignored && real != file) add(real);
  }
  for (const auto& name : plugins) {
    std::error_code ignored;
    auto folder = std::filesystem::absolute(name, ignored).lexically_normal();
    if (!folder.has_filename()) folder = folder.parent_path();
    plugins_.insert(folder);
    paths_.insert(folder);  // it may be made, or be a link that is set anew
    look_into(folder.parent_path(), IN_CREATE);
    look_into(folder);
  }
  for (const auto& [watch, folder] : before) {
    if (!folders_.contains(watch)) ::inotify_rm_watch(fd_.get(), watch);
  }
}

bool Watch::is_ours(const std::filesystem::path& folder, const char* name) const {
  const auto path = folder / name;
  if (paths_.contains(path)) return true;
  if (plugins_.contains(folder) && path.extension() == ".so") return true;
  return configs_.contains(folder) && (path.extension() == ".toml" || path.filename() == "..data");
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
      if (event->len == 0) continue;
      const auto folders = folders_.equal_range(event->wd);
      ours = ours || std::any_of(folders.first, folders.second, [&](const auto& one) { return is_ours(one.second, event->name); });
    }
  }
}

}  // namespace belay::gateway
