// A part of a check in a process of its own: to be killed in the middle, to be watched by a filter that can't be taken off again, or to be two of.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace belay::conform {

/// Whole messages over a socket: a length, then so many bytes. Not for two threads at once.
class Line {
 public:
  explicit Line(int fd) : fd_(fd) {}
  ~Line();
  Line(Line&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Line& operator=(Line&&) = delete;

  /// false: the other side is gone.
  bool say(std::string_view message) const;
  /// nullopt: the other side is gone, or said nothing for so long.
  [[nodiscard]] std::optional<std::string> hear(std::chrono::milliseconds patience) const;
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

/// Several texts in one message, and back.
std::string packed(const std::vector<std::string>& texts);
std::vector<std::string> unpacked(std::string_view message);

/// A copy of this process that runs `work` and ends with _exit, whatever comes of it. Killed and reaped when this goes away. Called while this process has one
/// thread only.
class Forked {
 public:
  explicit Forked(const std::function<void(Line& parent)>& work);
  ~Forked();
  Forked(const Forked&) = delete;
  Forked& operator=(const Forked&) = delete;

  Line& line() { return *line_; }
  [[nodiscard]] bool running() const { return pid_ > 0; }
  /// How it ended: "exit status 0", "signal 11 (Segmentation fault)", or "it did not end" after `patience`, when it is killed.
  std::string end(std::chrono::milliseconds patience = std::chrono::seconds(5));

 private:
  std::optional<int> reap(std::chrono::steady_clock::time_point until);

  pid_t pid_ = -1;
  std::optional<Line> line_;
};

}  // namespace belay::conform
