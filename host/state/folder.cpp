#include "folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

namespace belay::state {
namespace {

namespace fs = std::filesystem;

constexpr int open_dir = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

Error cannot(const char* doing, const fs::path& path, int code) {
  return fail(std::string("cannot ") + doing + " " + path.string() + ": " + errno_text(code));
}

/// mkdir -p with mode 0700 for all that is missing, durable.
Result<void> make_folders(const fs::path& dir) {
  int code = mkdir(dir.c_str(), 0700) == 0 ? 0 : errno;
  if (code == ENOENT && dir.has_parent_path() && dir.parent_path() != dir) {
    if (auto made = make_folders(dir.parent_path()); !made) return made;
    code = mkdir(dir.c_str(), 0700) == 0 ? 0 : errno;
  }
  if (code == EEXIST) return {};
  if (code != 0) return cannot("make the state folder", dir, code);
  const fs::path parent = dir.has_parent_path() ? dir.parent_path() : ".";
  const Fd above{::open(parent.c_str(), open_dir)};
  if (above) fsync(above.get());  // a parent that we may not read, or a file system without it, is no reason to stop
  return {};
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t wrote = ::write(fd, content.data(), content.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

struct CloseDir {
  void operator()(DIR* dir) const { closedir(dir); }
};

}  // namespace

Result<Folder> Folder::open(const fs::path& named) {
  // A slash at the end would make the last word empty, and the parent the folder itself.
  const fs::path dir = named.has_filename() || !named.has_parent_path() ? named : named.parent_path();
  if (auto made = make_folders(dir); !made) return made.error();
  Fd fd{::open(dir.c_str(), open_dir)};
  if (!fd && errno == ENOTDIR)
    return fail("the state folder " + dir.string() + " is not a folder; name another one in [host] state");
  struct stat facts {};
  if (!fd || fstat(fd.get(), &facts) != 0) return cannot("open the state folder", dir, errno);
  if (facts.st_uid != geteuid() && geteuid() != 0) {
    return fail("the state folder " + dir.string() + " belongs to user " + std::to_string(facts.st_uid) +
                ", but this process runs as user " + std::to_string(geteuid()) +
                "; name a folder of your own in [host] state");
  }
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fail("the state folder " + dir.string() +
                " may be written by others, who could plant credentials; run: chmod go-w " + dir.string());
  }
  return Folder(dir, std::move(fd), facts.st_uid, facts.st_gid);
}

Result<Fd> Folder::touch(const std::string& name) const {
  constexpr int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
  for (;;) {
    Fd found{openat(dir_.get(), name.c_str(), flags)};
    if (found) return found;
    if (errno != ENOENT) return failed("open", name, errno);
    Fd made{openat(dir_.get(), name.c_str(), flags | O_CREAT | O_EXCL, 0600)};
    if (made && !give_to_owner(made.get())) return failed("give to its owner", name, errno);
    if (made) return made;
    if (errno != EEXIST) return failed("make", name, errno);  // else somebody was faster
  }
}

Result<void> Folder::write(const std::string& name, std::string_view content, Durable durable) const {
  auto place = find_or_make(name);
  if (!place) return place.error();
  const std::string fresh = temporary(place->leaf);
  auto written = write_fresh(*place, content, durable);
  if (written && renameat(place->dir, fresh.c_str(), place->dir, place->leaf.c_str()) != 0)
    written = fail(errno_text(errno));
  if (!written) {
    unlinkat(place->dir, fresh.c_str(), 0);
    return fail("cannot write " + (path_ / name).string() + ": " + written.error().message);
  }
  if (durable == Durable::yes && fsync(place->dir) != 0) return failed("make durable", name, errno);
  return {};
}

/// The temporary file, whole. It is always made anew: what stands there was left by a killed process, or is a trap.
Result<void> Folder::write_fresh(const Place& place, std::string_view content, Durable durable) const {
  const std::string fresh = temporary(place.leaf);
  constexpr int make = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  Fd file{openat(place.dir, fresh.c_str(), make, 0600)};
  if (!file && errno == EEXIST && unlinkat(place.dir, fresh.c_str(), 0) == 0)
    file = Fd{openat(place.dir, fresh.c_str(), make, 0600)};
  const bool good = file && write_all(file.get(), content) && give_to_owner(file.get()) &&
                    (durable == Durable::no || fsync(file.get()) == 0) && ::close(file.release()) == 0;
  return good ? Result<void>{} : fail(errno_text(errno));
}

Result<std::optional<std::string>> Folder::read(const std::string& name, std::size_t limit) const {
  auto place = find(name);
  if (!place) return place.error();
  if (!*place) return std::optional<std::string>{};
  const Fd file{openat((*place)->dir, (*place)->leaf.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (!file && errno == ENOENT) return std::optional<std::string>{};
  struct stat facts {};
  if (!file || fstat(file.get(), &facts) != 0) return failed("read", name, errno);
  if (!S_ISREG(facts.st_mode)) return fail((path_ / name).string() + " is damaged: it is no regular file");
  std::string content;
  char buffer[8192];
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read", name, errno);
    if (got == 0) return std::optional<std::string>{std::move(content)};
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit)
      return fail((path_ / name).string() + " is damaged: it has more than " + std::to_string(limit) + " bytes");
  }
}

Result<bool> Folder::remove(const std::string& name, Durable durable) const {
  auto place = find(name);
  if (!place) return place.error();
  if (!*place) return false;
  if (unlinkat((*place)->dir, (*place)->leaf.c_str(), 0) != 0) {
    if (errno == ENOENT) return false;
    return failed("remove", name, errno);
  }
  if (durable == Durable::yes && fsync((*place)->dir) != 0)
    return failed("make durable that it was removed:", name, errno);
  return true;
}

Result<std::vector<std::string>> Folder::list(const std::string& area) const {
  std::vector<std::string> names;
  Fd fd{openat(dir_.get(), area.empty() ? "." : area.c_str(), open_dir | O_NOFOLLOW)};
  if (!fd && errno == ENOENT) return names;
  const std::unique_ptr<DIR, CloseDir> dir{fd ? fdopendir(fd.get()) : nullptr};
  if (!dir) return failed("list", area, errno);
  fd.release();  // the DIR has it now
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(dir.get());
    if (entry == nullptr && errno != 0) return failed("list", area, errno);
    if (entry == nullptr) return names;
    names.emplace_back(entry->d_name);
  }
}

/// nullopt: its area was never made.
Result<std::optional<Folder::Place>> Folder::find(const std::string& name) const {
  const auto slash = name.find('/');
  if (slash == std::string::npos) return std::optional(Place{Fd{}, dir_.get(), name});
  Fd area{openat(dir_.get(), name.substr(0, slash).c_str(), open_dir | O_NOFOLLOW)};
  if (!area && errno == ENOENT) return std::optional<Place>{};
  if (!area) return failed("open the folder", name.substr(0, slash), errno);
  const int dir = area.get();
  return std::optional(Place{std::move(area), dir, name.substr(slash + 1)});
}

Result<Folder::Place> Folder::find_or_make(const std::string& name) const {
  auto found = find(name);
  if (!found) return found.error();
  if (*found) return std::move(**found);
  const std::string area = name.substr(0, name.find('/'));
  if (mkdirat(dir_.get(), area.c_str(), 0700) != 0 && errno != EEXIST) return failed("make", area, errno);
  auto made = find(name);
  if (!made) return made.error();
  if (!*made) return failed("open the folder", area, ENOENT);
  if (!give_to_owner((*made)->dir)) return failed("give to its owner", area, errno);
  if (fsync(dir_.get()) != 0) return failed("make durable", area, errno);
  return std::move(**made);
}

bool Folder::give_to_owner(int fd) const { return geteuid() == owner_ || fchown(fd, owner_, group_) == 0; }

Error Folder::failed(const char* doing, const std::string& name, int code) const {
  return cannot(doing, path_ / name, code);
}

}  // namespace belay::state
