// Result<T>: a value, or an Error that a person can act on. Success costs no allocation; text is made where the failure is known best.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace belay {

/// What went wrong, as one sentence without a trailing full stop, ready to be shown to a person. Never contains a secret.
struct Error {
  std::string message;

  /// The same error with its place in front: "state: cannot rename ...".
  [[nodiscard]] Error within(const std::string& place) const { return {place + ": " + message}; }
};

inline Error fail(std::string message) { return {std::move(message)}; }

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}              // NOLINT: implicit on purpose
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}          // NOLINT: implicit on purpose

  [[nodiscard]] bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  T& value() {
    assert(ok());
    return *std::get_if<0>(&held_);
  }
  const T& value() const {
    assert(ok());
    return *std::get_if<0>(&held_);
  }
  [[nodiscard]] const Error& error() const {
    assert(!ok());
    return *std::get_if<1>(&held_);
  }
  T value_or(T other) const { return ok() ? value() : std::move(other); }

 private:
  std::variant<T, Error> held_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose

  [[nodiscard]] bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const {
    assert(error_);
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace belay
