// Limits: what one key may ask for in a minute and at once, and what a route may cost in a span of time.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "runtime/settings.hpp"
#include "state/state.hpp"

namespace belay::gateway {

/// A rate as the Generic Cell Rate Algorithm keeps it (ITU-T I.371): one number, the time at which the account would be empty again. A whole minute's worth may
/// come at once. Lock-free, safe from many threads.
class Rate {
 public:
  void allow(std::optional<std::int64_t> per_minute);
  /// Takes `units`; nullopt: taken. Otherwise nothing is taken, and that is how long until it can be.
  std::optional<Millis> take(std::int64_t units, MonoTime now);
  /// Takes what was used already: the account may be overdrawn, and stays closed until that is paid off.
  void charge(std::int64_t units, MonoTime now);

 private:
  std::atomic<std::int64_t> empty_at_{0};   // nanoseconds of the steady clock
  std::atomic<std::int64_t> per_minute_{0};  // 0: no limit
};

/// What one key has used. Lives as long as the process, so that a reload forgives nothing.
class Meter {
 public:
  void allow(const runtime::GatewayKey& key);

  enum class Limit { none, requests, tokens, concurrency };
  struct Verdict {
    Limit limit = Limit::none;
    Millis wait{0};
  };
  /// One request begins, and must end() when the verdict is none.
  Verdict begin(MonoTime now);
  void end(std::int64_t tokens, MonoTime now);

 private:
  Rate requests_, tokens_;
  std::atomic<std::int64_t> running_{0}, most_running_{0};
};

/// All meters by key name. [one thread at a time]
class Meters {
 public:
  /// The meter of that key with its limits as they are now; null where it has none.
  std::shared_ptr<Meter> of(const runtime::GatewayKey& key);

 private:
  std::map<std::string, std::shared_ptr<Meter>> meters_;
};

/// What one route has cost in the current window. Windows begin at whole multiples of their length since 1970, so all gateways that share a state agree on them.
class Budget {
 public:
  explicit Budget(std::string route) : route_(std::move(route)) {}
  void allow(const runtime::GatewayBudget& settings);

  /// Takes one request; nullopt: taken. Otherwise the time until the window ends. [any thread]
  std::optional<Millis> take(UnixMs now);
  void charge(std::int64_t tokens, UnixMs now);
  /// Adds what was used here to the record that all processes share, and learns what the others used. May do file I/O. [one thread at a time]
  void share(state::State& state, UnixMs now);

 private:
  void turn(UnixMs now);

  const std::string route_;
  std::mutex mutex_;
  runtime::GatewayBudget limit_;                 // guarded by mutex_
  UnixMs window_ = 0;                            // start of the current one; guarded
  std::int64_t requests_ = 0, tokens_ = 0;       // of all, as far as known; guarded
  std::int64_t own_requests_ = 0, own_tokens_ = 0;  // not shared yet; guarded
};

/// All budgets by route, kept over reloads. [one thread at a time, but for what budget() returned]
class Budgets {
 public:
  /// Limits as they are now; a route without a budget has none any more.
  std::map<std::string, std::shared_ptr<Budget>, std::less<>> use(const std::vector<runtime::GatewayBudget>& settings);
  void share(state::State& state, UnixMs now);

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Budget>, std::less<>> all_;   // guarded by mutex_
};

}  // namespace belay::gateway
