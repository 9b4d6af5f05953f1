#include "image_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace belay::plugins {

Result<ImageFile> ImageFile::open(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0) return fail("cannot be read: " + errno_text(errno));
  if (!S_ISREG(info.st_mode)) return fail("is no regular file");
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return fail("is empty");
  if (size > largest) return fail("has " + std::to_string(size >> 20) + " MiB, at most 256 MiB are read");
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (memory == MAP_FAILED) return fail("cannot be read: " + errno_text(errno));
  return ImageFile(path, std::move(fd), memory, size);
}

ImageFile::ImageFile(std::string path, Fd fd, void* memory, std::size_t size)
    : path_(std::move(path)), fd_(std::move(fd)), memory_(memory), size_(size), stamp_(stamp_of(fd_.get())) {}

ImageFile::ImageFile(ImageFile&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::move(other.fd_)),
      memory_(std::exchange(other.memory_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      stamp_(other.stamp_) {}

ImageFile::~ImageFile() {
  if (memory_ != nullptr) ::munmap(memory_, size_);
}

bool ImageFile::unchanged() const { return stamp_of(fd_.get()) == stamp_; }

ImageFile::Stamp ImageFile::stamp_of(int fd) {
  struct stat info {};
  ::fstat(fd, &info);
  return {info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec};
}

}  // namespace belay::plugins
