#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>

#include "base/hash.hpp"

namespace belay {
namespace {

Error cannot(const char* verb, const std::filesystem::path& path) {
  return fail(std::string("cannot ") + verb + " " + path.string() + ": " + errno_text(errno));
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Gives the new file `fd` to whom the old one at `path` belongs, if there is one.
bool keep_owner(int fd, const std::filesystem::path& path) {
  struct stat old {
  }, fresh{};
  if (::stat(path.c_str(), &old) != 0) return errno == ENOENT;
  if (::fstat(fd, &fresh) != 0) return false;
  return (old.st_uid == fresh.st_uid && old.st_gid == fresh.st_gid) || ::fchown(fd, old.st_uid, old.st_gid) == 0;
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

int Fd::release() {
  const int fd = fd_;
  fd_ = -1;
  return fd;
}

void Fd::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return cannot("read", path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return cannot("read", path);
  if (!S_ISREG(info.st_mode)) return fail("cannot read " + path.string() + ": not a regular file");
  const auto too_large = [&] {
    return fail(path.string() + " is larger than the " + std::to_string(limit) + " bytes that are read of such a file");
  };
  if (static_cast<std::uint64_t>(info.st_size) > limit) return too_large();
  std::string content;
  content.reserve(static_cast<std::size_t>(info.st_size));
  char piece[16384];
  for (;;) {  // to its end, whatever its size was: it may grow, and files of /proc say 0
    const ssize_t got = ::read(fd.get(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("read", path);
    if (got == 0) return content;
    content.append(piece, static_cast<std::size_t>(got));
    if (content.size() > limit) return too_large();
  }
}

Result<void> write_file(const std::filesystem::path& named, std::string_view content, mode_t mode, Durable durable) {
  std::error_code unresolved;
  const bool link = std::filesystem::is_symlink(named, unresolved);
  const std::filesystem::path path = link ? std::filesystem::canonical(named, unresolved) : named;
  if (unresolved && link) return fail("cannot write " + named.string() + ": " + unresolved.message());
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const std::filesystem::path temporary =
      folder / ("." + path.filename().string() + "." + to_hex(random_bytes(6)) + ".tmp");
  Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return cannot("write", path);
  const auto give_up = [&](const char* verb) -> Result<void> {
    Error error = cannot(verb, path);
    ::unlink(temporary.c_str());
    return error;
  };
  if (!write_all(fd.get(), content)) return give_up("write");
  if (!keep_owner(fd.get(), path)) return give_up("keep the owner of");
  if (::fchmod(fd.get(), mode) != 0) return give_up("write");
  if (durable == Durable::yes && ::fsync(fd.get()) != 0) return give_up("write");
  if (::close(fd.release()) != 0) return give_up("write");  // where a network file system tells of a full disk
  if (::rename(temporary.c_str(), path.c_str()) != 0) return give_up("replace");
  if (durable == Durable::no) return {};
  const Fd directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.get()) != 0) return cannot("make durable", path);
  return {};
}

std::string errno_text(int code) {
  char buffer[128];
  return ::strerror_r(code, buffer, sizeof buffer);  // the GNU form, which returns the text
}

}  // namespace belay
