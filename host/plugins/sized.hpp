// Reading the other side's structs and arrays by their size and stride (P2, P3, P5).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "belay/types.h"
#include "words.hpp"

namespace belay::plugins {

/// A copy with this host's idea of T: what the other side lacks is zero, what only it knows is left out.
template <class T>
T sized_copy(const T& from) {
  T out{};
  std::memcpy(static_cast<void*>(&out), &from, std::min<std::size_t>(from.size, sizeof out));
  out.size = sizeof out;
  return out;
}

/// Element `index` of an array with the other side's stride.
template <class T>
const T& at_stride(const T* first, std::uint32_t stride, std::uint32_t index) {
  return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(first) + std::size_t{stride} * index);
}

/// An array whose elements can be looked at: memory, aligned, with a stride of at least 1.0's T.
template <class T>
bool readable_array(const T* first, std::uint32_t stride) {
  return first != nullptr && reinterpret_cast<std::uintptr_t>(first) % alignof(T) == 0 && stride >= sizeof(T) &&
         stride % alignof(T) == 0;
}

/// True when every name and value can be read.
bool readable_fields(const belay_fields& fields);

/// for (const belay_field& field : Fields(raw)) ...; only after readable_fields().
class Fields {
 public:
  explicit Fields(const belay_fields& raw) : raw_(raw) {}
  class Iterator {
   public:
    Iterator(const belay_fields& raw, std::uint32_t index) : raw_(&raw), index_(index) {}
    const belay_field& operator*() const { return at_stride(raw_->at, raw_->stride, index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const belay_fields* raw_;
    std::uint32_t index_;
  };
  [[nodiscard]] Iterator begin() const { return {raw_, 0}; }
  [[nodiscard]] Iterator end() const { return {raw_, raw_.count}; }

 private:
  belay_fields raw_;
};

}  // namespace belay::plugins
