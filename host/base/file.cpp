#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/hash.hpp"

namespace belay {
namespace {

Error cannot(const char* verb, const std::filesystem::path& path) { return fail(std::string("cannot ") + verb + " " + path.string() + ": " + errno_text(errno)); }

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
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
  std::string content;
  content.reserve(static_cast<std::size_t>(info.st_size) + 1);
  char piece[16384];
  for (;;) {
    const ssize_t got = ::read(fd.get(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("read", path);
    if (got == 0) return content;
    content.append(piece, static_cast<std::size_t>(got));
    if (content.size() > limit) return fail(path.string() + " is larger than the " + std::to_string(limit) + " bytes that are read of such a file");
  }
}

Result<void> write_file(const std::filesystem::path& path, std::string_view content, mode_t mode, Durable durable) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const std::filesystem::path temporary = folder / ("." + path.filename().string() + "." + to_hex(random_bytes(6)) + ".tmp");
  Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return cannot("write", path);
  const auto give_up = [&](const char* verb) -> Result<void> {
    Error error = cannot(verb, path);
    ::unlink(temporary.c_str());
    return error;
  };
  if (!write_all(fd.get(), content) || ::fchmod(fd.get(), mode) != 0) return give_up("write");
  if (durable == Durable::yes && ::fsync(fd.get()) != 0) return give_up("write");
  if (::rename(temporary.c_str(), path.c_str()) != 0) return give_up("replace");
  if (durable == Durable::yes) {
    const Fd directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory) ::fsync(directory.get());
  }
  return {};
}

std::string errno_text(int code) {
  char buffer[128];
  return ::strerror_r(code, buffer, sizeof buffer);  // the GNU form, which returns the text
}

}  // namespace belay
