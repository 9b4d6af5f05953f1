// Learned: which parameters a model at an endpoint does not take, remembered from replies so that the next call leaves them out from the start.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "fallback/trace.hpp"
#include "state/state.hpp"

namespace belay::fallback {

/// Thread-safe.
class Learned {
 public:
  explicit Learned(state::State& state) : state_(state) {}

  /// What is known of one model at one endpoint; empty for most.
  std::vector<Adjusted> of(const std::string& endpoint, const std::string& model);
  /// What worked: merged into what is known.
  void remember(const std::string& endpoint, const std::string& model, const std::vector<Adjusted>& worked);

 private:
  void refresh_locked();

  state::State& state_;
  std::mutex mutex_;
  std::uint64_t seen_ = 0;
  bool loaded_ = false;
  std::unordered_map<std::string, std::vector<Adjusted>> known_;  // by state key
};

}  // namespace belay::fallback
