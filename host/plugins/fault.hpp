// A breach of the contract, kept: once a plugin broke a rule nothing that it says is believed any more in this process.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace belay::plugins {

class FaultLatch {
 public:
  /// `who` is the module, for the sentence and the log: "org.example.acme 1.2.0".
  explicit FaultLatch(std::string who) : who_(std::move(who)) {}

  /// Keeps the first breach and logs it; later ones change nothing. `function` is the plugin's function that was
  /// running. [any thread]
  void latch(std::string_view function, std::string_view breach);
  [[nodiscard]] bool latched() const { return latched_.load(std::memory_order_acquire); }
  /// "plugin org.example.acme 1.2.0 broke its contract in finish(): ..."; empty when it did not.
  [[nodiscard]] std::string sentence() const;

 private:
  const std::string who_;
  std::atomic<bool> latched_{false};
  mutable std::mutex mutex_;
  std::string sentence_;  ///< guarded by mutex_
};

}  // namespace belay::plugins
