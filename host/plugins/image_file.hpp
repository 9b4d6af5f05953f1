// One plugin file, opened once: what is checked, hashed and later compared with what was mapped is this descriptor,
// whatever happens to the name.
#pragma once

#include <string>
#include <string_view>

#include "base/file.hpp"
#include "base/result.hpp"

namespace belay::plugins {

class ImageFile {
 public:
  static constexpr std::size_t largest = std::size_t{256} << 20;

  /// `path` is absolute and free of links. A regular file of at most 256 MiB, mapped read-only. The error is the rest
  /// of a sentence about it.
  static Result<ImageFile> open(const std::string& path);

  ImageFile(ImageFile&& other) noexcept;
  ImageFile& operator=(ImageFile&&) = delete;
  ~ImageFile();

  [[nodiscard]] std::string_view bytes() const { return {static_cast<const char*>(memory_), size_}; }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// True when nobody wrote to the file since it was opened.
  [[nodiscard]] bool unchanged() const;

 private:
  struct Stamp {
    std::int64_t size, seconds, nanoseconds, changed_seconds, changed_nanoseconds;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  static Stamp stamp_of(int fd);
  ImageFile(std::string path, Fd fd, void* memory, std::size_t size);

  std::string path_;
  Fd fd_;
  void* memory_;
  std::size_t size_;
  Stamp stamp_;
};

}  // namespace belay::plugins
