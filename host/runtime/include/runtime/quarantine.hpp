// Plugin files that were tried and found bad, in the state below plugin/SHA256: so that another process does not fall into
// the same hole, and `belay plugins` says what the gateway knows.
#pragma once

#include "plugins/trial.hpp"
#include "state/state.hpp"

namespace belay::runtime {

/// A state that can't be read or written costs a line in the log and nothing else. Thread-safe.
class StateQuarantine final : public plugins::Quarantine {
 public:
  explicit StateQuarantine(state::State& state) : state_(state) {}

  std::optional<plugins::TrialEnd> find(const std::string& sha256) override;
  void put(const std::string& sha256, const std::string& path, const plugins::TrialEnd& end) override;
  void release(const std::string& path) override;
  /// Every file may be tried again.
  void release_all();

 private:
  void release_those(const std::function<bool(std::string_view path)>& which);

  state::State& state_;
};

}  // namespace belay::runtime
