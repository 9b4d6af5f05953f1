// Memory with a page before and after that nobody may touch: one byte too far is a crash at once, and a read-only table is a crash when it is written to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace belay::conform {

/// Bytes whose last one is the last of its page; what follows, and the page before the first, is not mapped for anyone.
class GuardedBytes {
 public:
  /// `size` zeroed bytes. With an alignment the end is moved back so that the first byte is aligned: up to alignment-1 bytes behind the last are readable.
  explicit GuardedBytes(std::size_t size, std::size_t alignment = 1);
  explicit GuardedBytes(std::string_view content);
  ~GuardedBytes();
  GuardedBytes(const GuardedBytes&) = delete;
  GuardedBytes& operator=(const GuardedBytes&) = delete;

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::string_view view() const { return {reinterpret_cast<const char*>(data_), size_}; }
  [[nodiscard]] bool holds(const void* address) const;   ///< also true for its guard pages

  void read_only();
  void writable();
  void unreadable();   ///< from here on any touch is a crash: what was lent is taken back

 private:
  std::byte* map_ = nullptr;   ///< guard page, pages, guard page
  std::byte* data_ = nullptr;
  std::size_t size_ = 0, mapped_ = 0;
};

/// A struct of the ABI alone on its page, the page after it guarded; 8-byte aligned, as all structs of the ABI are sized in eights.
template <class T>
class Guarded {
 public:
  explicit Guarded(const T& value) : bytes_(sizeof(T), alignof(T)) { std::memcpy(bytes_.data(), &value, sizeof(T)); }
  [[nodiscard]] T* get() const { return reinterpret_cast<T*>(bytes_.data()); }
  [[nodiscard]] GuardedBytes& bytes() { return bytes_; }

 private:
  GuardedBytes bytes_;
};

/// Many things on pages of their own that become read-only together. Bump allocation; nothing is freed before the end.
class ReadOnlyArena {
 public:
  explicit ReadOnlyArena(std::size_t room);
  [[nodiscard]] std::string_view keep_text(std::string_view text);
  template <class T>
  [[nodiscard]] T* keep(std::span<const T> items) {
    T* at = static_cast<T*>(take(items.size_bytes(), alignof(T)));
    if (!items.empty()) std::memcpy(at, items.data(), items.size_bytes());
    return at;
  }
  template <class T>
  [[nodiscard]] T* keep(const T& one) { return keep(std::span<const T>(&one, 1)); }
  void seal() { bytes_.read_only(); }
  [[nodiscard]] bool holds(const void* address) const { return bytes_.holds(address); }

 private:
  void* take(std::size_t size, std::size_t alignment);
  GuardedBytes bytes_;
  std::size_t used_ = 0;
};

}  // namespace belay::conform
