// Memory that a plugin is lent: exact-size copies on the heap, so that a tool sees each byte too far, overwritten when the call is over, so that what is
// kept too long is seen. (lent.hpp makes whole exchanges of guarded pages instead; this is for calls by the thousand.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "belay/types.h"

namespace belay::conform {

inline std::string_view view(belay_str text) { return text.len == 0 ? std::string_view() : std::string_view(text.ptr, text.len); }
inline std::string_view view(belay_bytes bytes) {
  return bytes.len == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
}
/// False for a length without memory, and for more than anybody can have meant.
template <class Text>
bool readable(Text text, std::uint64_t most = std::uint64_t{256} << 20) {
  return text.len <= most && (text.len == 0 || text.ptr != nullptr);
}

class Loan {
 public:
  static constexpr unsigned char poison = 0xA5;

  Loan() = default;
  ~Loan() { take_back(); }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;

  belay_str str(std::string_view text) { return {static_cast<const char*>(copy(text.data(), text.size())), text.size()}; }
  belay_bytes bytes(std::string_view text) { return {static_cast<const std::uint8_t*>(copy(text.data(), text.size())), text.size()}; }

  template <class T>
  T* object(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    return static_cast<T*>(copy(&value, sizeof value));
  }
  template <class T>
  T* array(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    return static_cast<T*>(copy(values.data(), values.size() * sizeof(T)));
  }
  /// Room to write into.
  char* room(std::size_t size) {
    char* at = static_cast<char*>(allocate(size));
    if (at != nullptr) std::memset(at, poison, size);
    return at;
  }

  /// From now on all of it is `other`'s.
  void hand_to(Loan& other) {
    other.lent_.insert(other.lent_.end(), lent_.begin(), lent_.end());
    lent_.clear();
  }

  /// Poisons and frees all of it. What is freed last is held back a little, or the next copy would stand in its place and look like it.
  void take_back() {
    for (auto& [at, size] : lent_) {
      std::memset(at, poison, size);
      hold_back(at, size);
    }
    lent_.clear();
  }

 private:
  void* copy(const void* from, std::size_t size) {
    void* at = allocate(size);
    if (at != nullptr) std::memcpy(at, from, size);
    return at;
  }
  void* allocate(std::size_t size) {
    if (size == 0) return nullptr;
    void* at = std::malloc(size);
    if (at == nullptr) std::abort();
    lent_.emplace_back(at, size);
    return at;
  }
  static void hold_back(void* at, std::size_t size);

  std::vector<std::pair<void*, std::size_t>> lent_;
};

}  // namespace belay::conform
