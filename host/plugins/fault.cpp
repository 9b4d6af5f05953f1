#include "fault.hpp"

#include "base/log.hpp"
#include "base/secret.hpp"
#include "base/utf8.hpp"

namespace belay::plugins {

void FaultLatch::latch(std::string_view function, std::string_view breach) {
  {
    std::lock_guard lock(mutex_);
    if (latched_.load(std::memory_order_relaxed)) return;
    sentence_ =
        "plugin " + who_ + " broke its contract in " + std::string(function) + "(): " + scrub(printable(breach));
    latched_.store(true, std::memory_order_release);
  }
  log(LogLevel::error, "plugin " + who_, sentence());
}

std::string FaultLatch::sentence() const {
  std::lock_guard lock(mutex_);
  return sentence_;
}

}  // namespace belay::plugins
