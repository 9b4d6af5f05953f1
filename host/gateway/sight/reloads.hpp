// Reloads of the configuration, as metrics and the status page tell of them.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace belay::gateway::sight {

struct ReloadFacts {
  std::vector<std::string> files;
  UnixMs loaded_at = 0;              ///< of the configuration in force
  std::uint64_t ok = 0, failed = 0;  ///< since the start, which is not counted
  std::string last_error;            ///< of the last reload, when it failed
};

enum class Loaded { first, again };

/// Thread-safe.
class Reloads {
 public:
  void loaded(std::vector<std::string> files, UnixMs now, Loaded when) {
    std::lock_guard lock(mutex_);
    facts_.files = std::move(files);
    facts_.loaded_at = now;
    facts_.ok += when == Loaded::again ? 1 : 0;
    facts_.last_error.clear();
  }
  void failed(std::string_view why) {
    std::lock_guard lock(mutex_);
    ++facts_.failed;
    facts_.last_error = why;
  }
  [[nodiscard]] ReloadFacts facts() const {
    std::lock_guard lock(mutex_);
    return facts_;
  }

 private:
  mutable std::mutex mutex_;
  ReloadFacts facts_;
};

}  // namespace belay::gateway::sight
