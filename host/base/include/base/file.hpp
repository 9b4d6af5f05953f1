// Files the careful way: bounded reads, atomic durable writes, locks that die with their process.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace belay {

/// An owned file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release();
  void reset();

 private:
  int fd_ = -1;
};

/// The whole file, refused when it has more than `limit` bytes or is no regular file.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit);

enum class Durable { no, yes };

/// Replaces `path` in one rename: temporary file beside it with `mode` and the owner of the file that was there, written whole, fsync of file and
/// folder when durable. A symbolic link stays; what it leads to is replaced. A process killed inside leaves the old file and ".NAME.XXXX.tmp".
Result<void> write_file(const std::filesystem::path& path, std::string_view content, mode_t mode, Durable durable);

/// "No such file or directory" for the current errno or `code`. Thread-safe.
std::string errno_text(int code);

}  // namespace belay
