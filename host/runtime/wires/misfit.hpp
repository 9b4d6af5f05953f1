// Misfit: why a request of another wire can't be had in canonical words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/utf8.hpp"
#include "place.hpp"

namespace belay::runtime::wires {

struct Misfit {
  enum class Kind : std::uint8_t {
    malformed,    ///< it breaks its own wire's rules: nobody can answer it
    unsupported,  ///< canonical requests have no word for it: a target of the same wire may answer it
  };
  Kind kind = Kind::malformed;
  std::string member;   ///< its place: "input[2].content"
  std::string message;  ///< one sentence that names the member
};

/// Takes notes while a request is read. The first misfit counts, but a malformed request is that before all.
class Misfits {
 public:
  /// `what`: "must be a string".
  void malformed(const Place& place, std::string_view what) {
    if (first_ && first_->kind == Misfit::Kind::malformed) return;
    std::string member = place.text();
    std::string message = member + " " + std::string(what);
    first_ = Misfit{Misfit::Kind::malformed, std::move(member), std::move(message)};
  }
  /// `what`: "an image by its id", or the caller's own word.
  void unsupported(const Place& place, std::string_view what = {}) {
    if (first_) return;
    std::string member = place.text();
    std::string message = "this provider takes chat requests, which have no word for " + member;
    if (!what.empty()) message += " (" + printable(cut_utf8(what, most_shown)) + ")";
    first_ = Misfit{Misfit::Kind::unsupported, std::move(member), std::move(message)};
  }
  [[nodiscard]] bool any() const { return first_.has_value(); }
  [[nodiscard]] const std::optional<Misfit>& first() const { return first_; }

 private:
  static constexpr std::size_t most_shown = 64;   // of a word of the caller
  std::optional<Misfit> first_;
};

}  // namespace belay::runtime::wires
