// Engine: what all calls of a runtime share. Members are in the order in which they depend on each other; the runtime ends them in reverse.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "base/time.hpp"
#include "base/workers.hpp"
#include "credentials/store.hpp"
#include "fallback/holds.hpp"
#include "fallback/learned.hpp"
#include "fallback/machine.hpp"
#include "instances.hpp"
#include "runtime/loops.hpp"
#include "planner.hpp"
#include "plugins/registry.hpp"
#include "runtime/quarantine.hpp"
#include "runtime/runtime.hpp"
#include "state/state.hpp"

namespace belay::runtime {

/// belay.state/1: notes of plugins, below note/PROVIDER/ in the state. Thread-safe.
class Notes final : public plugins::Services {
 public:
  explicit Notes(state::State& state) : state_(state) {}
  Result<std::optional<std::string>> note(std::string_view provider, std::string_view key) override;
  Result<void> put_note(std::string_view provider, std::string_view key, std::string_view value) override;

 private:
  state::State& state_;
};

/// The store as the machine asks it.
class Pools final : public fallback::Credentials {
 public:
  Pools(const Settings& settings, credentials::Store& store) : settings_(settings), store_(store) {}
  bool keyless(const std::string& provider) override { return store_.keyless(provider); }
  std::vector<std::string> order(const std::string& provider) override { return store_.order(provider); }
  std::vector<std::string> ids(const std::string& provider) override;
  credentials::Lookup lookup(const std::string& provider, const std::string& id, credentials::Read read) override {
    return store_.lookup(provider, id, read);
  }
  void used(const std::string& provider, const std::string& id) override { store_.used(provider, id); }

 private:
  const Settings& settings_;
  credentials::Store& store_;
};

/// Which credentials may be refreshed ahead of need now: one refresh at a time for each, and a pause after one that did not help. Thread-safe.
class Ahead {
 public:
  /// True: go, and tell ended().
  bool begin(const std::string& who, std::uint64_t generation, MonoTime now);
  void ended(const std::string& who, const credentials::RefreshResult& result, MonoTime now);

 private:
  struct Last {
    std::uint64_t generation = 0;
    bool running = false, hopeless = false;
    MonoTime not_before{};
  };
  std::mutex mutex_;
  std::map<std::string, Last> last_;  // guarded by mutex_
};

struct Engine {
  Settings settings;
  Options options;
  const Clock& clock = system_clock();
  Random& random = system_random();
  std::shared_ptr<state::State> state;
  std::unique_ptr<Notes> notes;
  std::unique_ptr<StateQuarantine> quarantine;
  std::unique_ptr<plugins::Registry> registry;
  std::unique_ptr<Instances> instances;
  std::unique_ptr<fallback::HoldBook> holds;
  std::unique_ptr<fallback::Learned> learned;
  std::shared_ptr<Loops> loops;
  std::unique_ptr<Workers> workers;
  std::unique_ptr<credentials::Store> store;
  std::unique_ptr<Pools> pools;
  std::unique_ptr<Planner> planner;
  Ahead ahead;

  fallback::World world() { return {*holds, *learned, *pools, clock, random}; }
  /// The longest that one refresh hook of a provider may take: the largest attempt_timeout of the routes that name it.
  [[nodiscard]] Millis hook_limit(const std::string& provider) const;
};

/// Calls a provider's refresh hook, with the services that it may use. Blocks; runs on a worker.
credentials::HookOutput run_hook(Engine& engine, const credentials::HookInput& input);

}  // namespace belay::runtime
