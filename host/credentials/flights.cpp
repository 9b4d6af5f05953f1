#include "flights.hpp"

#include <algorithm>
#include <utility>

namespace belay::credentials {
namespace {

/// A hook that returns at its deadline counts by its own words; only one that goes on counts as having overrun.
constexpr Millis grace{250};

RefreshResult too_late(std::string message) {
  RefreshResult result;
  result.outcome = RefreshOutcome::failed_transient;
  result.message = std::move(message);
  return result;
}

}  // namespace

Flights::~Flights() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return jobs_ == 0; });
  ending_ = true;
  lock.unlock();
  changed_.notify_all();
  if (watch_.joinable()) watch_.join();
}

void Flights::run(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    ++jobs_;
  }
  workers_.run([this, job = std::move(job)] {
    job();
    // Under the lock: the destructor may go on as soon as it is released.
    const std::lock_guard lock(mutex_);
    if (--jobs_ == 0) idle_.notify_all();
  });
}

void Flights::join(const std::string& key, RefreshRequest request, Lead lead, Done done) {
  bool first = false, overran = false;
  {
    const std::lock_guard lock(mutex_);
    const auto [flight, made] = flights_.try_emplace(key);
    first = made;
    overran = flight->second.overran;
    if (!overran) flight->second.waiters.push_back({request, done});
    if (!watch_.joinable()) watch_ = std::thread([this] { watch(); });
  }
  changed_.notify_all();
  if (overran) {
    run([done = std::move(done)] {
      done(too_late("an earlier refresh has overrun its time limit and is still running"));
    });
  } else if (first) {
    run([this, key, request = std::move(request), lead = std::move(lead)] { fly(key, request, lead); });
  }
}

void Flights::fly(const std::string& key, const RefreshRequest& request, const Lead& lead) {
  const RefreshResult result = lead(
      request, [this, &key](MonoTime deadline, CancelSource hurry) { hook_started(key, deadline, std::move(hurry)); });
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    const auto flight = flights_.find(key);
    waiters = std::move(flight->second.waiters);
    flights_.erase(flight);
  }
  for (Waiter& waiter : waiters) {
    // Who met a refusal of what was just published needs the next one.
    const bool served =
        result.outcome != RefreshOutcome::refreshed || result.generation > waiter.request.failed_generation;
    if (served)
      waiter.done(result);
    else
      join(key, std::move(waiter.request), lead, std::move(waiter.done));
  }
}

void Flights::hook_started(const std::string& key, MonoTime deadline, CancelSource hurry) {
  {
    const std::lock_guard lock(mutex_);
    Flight& flight = flights_.at(key);
    flight.limit = deadline + grace;
    flight.hurry = std::move(hurry);
  }
  changed_.notify_all();
}

/// Takes out who has waited long enough, and returns when the next one will have.
MonoTime Flights::part_with_late(MonoTime now, std::vector<Waiter>& late, std::vector<CancelSource>& hurry) {
  MonoTime next = MonoTime::max();
  for (auto& entry : flights_) {
    auto& flight = entry.second;
    if (flight.limit && now >= *flight.limit && !flight.overran) {
      flight.overran = true;
      hurry.push_back(*flight.hurry);
    }
    if (flight.limit && !flight.overran) next = std::min(next, *flight.limit);
    const auto staying = std::partition(flight.waiters.begin(), flight.waiters.end(), [&](const Waiter& waiter) {
      return flight.overran || waiter.request.wait_until <= now;
    });
    std::move(flight.waiters.begin(), staying, std::back_inserter(late));
    flight.waiters.erase(flight.waiters.begin(), staying);
    for (const Waiter& waiter : flight.waiters) next = std::min(next, waiter.request.wait_until);
  }
  return next;
}

void Flights::watch() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    std::vector<Waiter> late;
    std::vector<CancelSource> hurry;
    const MonoTime next = part_with_late(std::chrono::steady_clock::now(), late, hurry);
    if (!late.empty() || !hurry.empty()) {
      lock.unlock();
      for (CancelSource& source : hurry) source.cancel();
      for (Waiter& waiter : late) {
        run([done = std::move(waiter.done)] {
          done(too_late("the refresh takes longer than this call can wait; it goes on"));
        });
      }
      lock.lock();
    } else if (next == MonoTime::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, next);
    }
  }
}

}  // namespace belay::credentials
