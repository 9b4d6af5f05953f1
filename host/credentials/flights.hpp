// Flights: single flight within this process. Whoever wants a refresh that is under way joins it; each waiter has its
// own time, and the flight goes on when the last of them has left.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/cancel.hpp"
#include "base/time.hpp"
#include "base/workers.hpp"
#include "credentials/store.hpp"
#include "leader.hpp"

namespace belay::credentials {

class Flights {
 public:
  using Done = std::function<void(RefreshResult)>;
  /// Carries out one refresh; blocks on a worker.
  using Lead = std::function<RefreshResult(const RefreshRequest&, const HookStarted&)>;

  explicit Flights(Workers& workers) : workers_(workers) {}
  /// Waits for all flights.
  ~Flights();
  Flights(const Flights&) = delete;
  Flights& operator=(const Flights&) = delete;

  /// Joins the flight `key`, or starts one. `done` is called once, on a worker. [any thread]
  void join(const std::string& key, RefreshRequest request, Lead lead, Done done);
  /// Runs `job` on a worker; the destructor waits for it too.
  void run(std::function<void()> job);

 private:
  struct Waiter {
    RefreshRequest request;
    Done done;
  };
  struct Flight {
    std::vector<Waiter> waiters;
    std::optional<MonoTime> limit;  // of its hook
    std::optional<CancelSource> hurry;
    bool overran = false;
  };

  void fly(const std::string& key, const RefreshRequest& request, const Lead& lead);
  void hook_started(const std::string& key, MonoTime deadline, CancelSource hurry);
  void watch();
  MonoTime part_with_late(MonoTime now, std::vector<Waiter>& late, std::vector<CancelSource>& hurry);

  Workers& workers_;
  std::mutex mutex_;
  std::condition_variable changed_, idle_;
  std::map<std::string, Flight> flights_;  // guarded by mutex_, like all below
  std::size_t jobs_ = 0;
  bool ending_ = false;
  std::thread watch_;  // started with the first flight
};

}  // namespace belay::credentials
