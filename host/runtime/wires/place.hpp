// Place: where in a request a translator is, so that an error can name the member. A chain on the stack; text is made only when asked for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "wire.hpp"

namespace belay::runtime::wires {

class Place {
 public:
  /// The whole body of a request in `wire`.
  explicit Place(Wire wire) : wire_(wire) {}
  [[nodiscard]] Place operator[](std::string_view member) const { return {this, member, 0}; }
  [[nodiscard]] Place operator[](std::size_t index) const { return {this, {}, index}; }

  /// As the wire's own server writes it: "input[2].content[0]" or "messages.2.content.0".
  [[nodiscard]] std::string text() const {
    if (up_ == nullptr) return {};
    std::string out = up_->text();
    if (member_.data() != nullptr) return out + (out.empty() ? "" : ".") + std::string(member_);
    const std::string index = std::to_string(index_);
    return wire_ == Wire::messages ? out + "." + index : out + "[" + index + "]";
  }

 private:
  Place(const Place* up, std::string_view member, std::size_t index) : wire_(up->wire_), up_(up), member_(member), index_(index) {}

  Wire wire_;
  const Place* up_ = nullptr;
  std::string_view member_;
  std::size_t index_ = 0;
};

}  // namespace belay::runtime::wires
