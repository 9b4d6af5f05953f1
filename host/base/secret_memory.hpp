// Memory for secrets: left out of core dumps where the kernel allows it, wiped when given back.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace belay {

/// An owned copy of some bytes in such memory. Thread-safe as a unique_ptr is.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::string_view value);
  SecretBytes(SecretBytes&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  SecretBytes& operator=(SecretBytes&&) = delete;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  [[nodiscard]] std::string_view view() const { return {memory_, size_}; }

 private:
  char* memory_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace belay
