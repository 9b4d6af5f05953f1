// Fingerprints of secrets: what state and holds may know of a secret without knowing it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace belay::credentials {

/// Keyed with a random value of the state, so that nobody can try out guesses on a record, and cut to 128 bits.
class Fingerprints {
 public:
  explicit Fingerprints(std::string key) : key_(std::move(key)) {}
  /// `what` keeps fingerprints of different kinds apart. [any thread]
  [[nodiscard]] std::string of(std::string_view what, std::initializer_list<std::string_view> parts) const;

 private:
  const std::string key_;
};

}  // namespace belay::credentials
