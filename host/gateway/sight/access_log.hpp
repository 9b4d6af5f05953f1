// Access log: where the lines go. Written by the recorder's thread alone; what can't be written is counted and given
// up, never waited for for long.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/file.hpp"
#include "base/result.hpp"

namespace belay::gateway::sight {

class AccessLog {
 public:
  /// "off", "stderr", "stdout", or a path: made with mode 0640, always appended to.
  static Result<AccessLog> open(const std::string& where);
  AccessLog() = default;

  [[nodiscard]] bool on() const { return fd_ >= 0; }
  [[nodiscard]] const std::string& where() const { return where_; }
  /// The path once more, after what it led to was moved away. On an error the old file stays.
  Result<void> reopen();

  struct Written {
    std::uint64_t lines = 0, lost = 0;
  };
  /// Whole lines, each with its line end. A pipe or terminal that takes nothing for a second loses them. SIGPIPE is
  /// blocked on this thread.
  Written write(std::string_view lines);

 private:
  [[nodiscard]] bool write_some(std::string_view& rest) const;

  std::string where_;
  Fd file_;      // of a path
  int fd_ = -1;  // what is written to; -1: off
  bool may_block_ = false;
};

}  // namespace belay::gateway::sight
