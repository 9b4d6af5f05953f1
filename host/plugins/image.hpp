// What is mapped of a plugin: a private copy of the bytes that were checked, which nobody can change any more, this
// process included.
//
// It is a sealed file without a name (memfd_create(2)), see notes/0008. Its address is made of this process's number and
// the descriptor's: the dynamic loader takes two libraries of one name for one, so the descriptor of one that is mapped
// stays open, and the address belongs to these bytes for good. Debuggers can read it there.
#pragma once

#include <string>
#include <string_view>

#include "base/file.hpp"
#include "base/result.hpp"

namespace belay::plugins {

class Image {
 public:
  /// `name` is for people, in /proc/PID/maps: "org.example.acme-3fa9c1d2e4f5". The error is the rest of a sentence about
  /// the plugin's file.
  static Result<Image> of(std::string_view bytes, const std::string& name);

  [[nodiscard]] int descriptor() const { return kept_ >= 0 ? kept_ : fd_.get(); }
  /// "/proc/4711/fd/7"
  [[nodiscard]] const std::string& address() const { return address_; }
  /// The loader knows the address from now on: nothing else may ever get it.
  void stay_open() { kept_ = fd_.release(); }

 private:
  explicit Image(Fd fd);

  Fd fd_;
  int kept_ = -1;
  std::string address_;
};

/// The first twelve digits of a SHA-256, by which people tell builds apart.
inline std::string short_hash(std::string_view sha256) { return std::string(sha256.substr(0, 12)); }

}  // namespace belay::plugins
