#include "state/lock.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "base/hash.hpp"

namespace belay::state {
namespace {

using std::chrono::microseconds;

constexpr microseconds first_wait{200};
constexpr microseconds longest_wait{10'000};

enum class Try { locked, busy, failed };

Try try_lock(int fd, std::uint64_t byte) {
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = static_cast<off_t>(byte);
  range.l_len = 1;
  if (fcntl(fd, F_OFD_SETLK, &range) == 0) return Try::locked;
  return errno == EAGAIN || errno == EACCES || errno == EINTR ? Try::busy : Try::failed;
}

/// Sleeps, but wakes when `cancel` is cancelled.
void wait(microseconds span, const CancelToken& cancel) {
  const int wake = cancel.descriptor();
  if (wake < 0) return std::this_thread::sleep_for(span);
  pollfd ready{wake, POLLIN, 0};
  const timespec limit{0, std::chrono::nanoseconds(span).count()};
  ppoll(&ready, 1, &limit, nullptr);
}

}  // namespace

// The kernel can wait for a lock (F_OFD_SETLKW) but not with a time limit, and a signal to break the wait would be
// process-wide business. So we ask again, soon at first, never less than a hundred times a second.
Result<Fd> lock_byte(Fd file, std::uint64_t byte, MonoTime until, const CancelToken& cancel) {
  for (microseconds span = first_wait;; span = std::min(span * 2, longest_wait)) {
    const Try answer = try_lock(file.get(), byte);
    if (answer == Try::locked) return file;
    if (answer == Try::failed) return fail("the lock cannot be taken: " + errno_text(errno));
    if (cancel.cancelled()) return fail("cancelled while waiting for the lock");
    const MonoTime now = std::chrono::steady_clock::now();
    if (now >= until) return fail("another process or thread holds the lock");
    wait(until - now < span ? std::chrono::ceil<microseconds>(until - now) : span, cancel);
  }
}

Result<Fd> lock_byte(const std::filesystem::path& path, std::uint64_t byte, mode_t mode, MonoTime until,
                     const CancelToken& cancel) {
  Fd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode)};
  if (!file) return fail("cannot open the lock file " + path.string() + ": " + errno_text(errno));
  auto held = lock_byte(std::move(file), byte, until, cancel);
  return held ? std::move(held) : held.error().within(path.string());
}

std::uint64_t lock_byte_of(std::string_view name) {
  const Digest digest = sha256(name);
  std::uint64_t byte = 0;
  for (std::size_t i = 0; i < 8; ++i) byte = byte << 8 | digest[i];
  return byte >> 2;
}

}  // namespace belay::state
