#include "plugin_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <thread>

#include "base/file.hpp"
#include "base/time.hpp"

namespace belay::plugins {
namespace {

/// Two writes within a tick of the kernel's clock (1 to 10 ms) leave one time stamp.
constexpr Millis one_tick{20};

struct Stamp {
  std::int64_t size = 0, seconds = 0, nanoseconds = 0, changed_seconds = 0, changed_nanoseconds = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

Stamp stamp_of(int fd) {
  struct stat info {};
  ::fstat(fd, &info);
  return {info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec};
}

/// Whether somebody has it open for writing: then no read lease is to be had. False also where leases are not for us (the
/// file of another user, a network file system).
bool open_for_writing(int fd) {
  ::fcntl(fd, F_SETSIG, SIGURG);  // what a writer that comes meanwhile would make the kernel send; ignored by default
  if (::fcntl(fd, F_SETLEASE, F_RDLCK) != 0) return errno == EAGAIN;
  ::fcntl(fd, F_SETLEASE, F_UNLCK);
  return false;
}

Millis age_of(const Stamp& stamp) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return Millis((now.tv_sec - stamp.changed_seconds) * 1000 + (now.tv_nsec - stamp.changed_nanoseconds) / 1'000'000);
}

/// Up to the end, which may be another one than fstat() told.
Result<std::string> read_whole(int fd, std::size_t size) {
  std::string bytes(size + 1, '\0');
  std::size_t have = 0;
  while (have <= size) {
    const ssize_t got = ::read(fd, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail("cannot be read: " + errno_text(errno));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace

Result<std::string> read_plugin_file(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0) return fail("cannot be read: " + errno_text(errno));
  if (!S_ISREG(info.st_mode)) return fail("is no regular file");
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return fail("is empty");
  if (size > largest_plugin_file) return fail("has " + std::to_string(size >> 20) + " MiB, at most 256 MiB are read");
  const Stamp before = stamp_of(fd.get());
  if (open_for_writing(fd.get())) return fail("is being written to (replace plugin files by a rename)");
  auto bytes = read_whole(fd.get(), size);
  if (!bytes) return bytes.error();
  if (const Millis age = age_of(before); age >= Millis(0) && age < one_tick)
    std::this_thread::sleep_for(one_tick - age);  // a write after our read gets another stamp then
  if (bytes->size() != size || stamp_of(fd.get()) != before || open_for_writing(fd.get()))
    return fail("was written to while it was being read (replace plugin files by a rename)");
  return bytes;
}

}  // namespace belay::plugins
