// A scripted world for the fallback machine: a clock that moves when told, replies per target and credential, refreshes per credential. walk() plays
// one call and notes every request in order.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "fallback/machine.hpp"

namespace belay::fallback::test {

class FakeClock final : public Clock {
 public:
  MonoTime mono() const override { return mono_; }
  UnixMs unix_ms() const override { return unix_; }
  void advance(Millis span) {
    mono_ += span;
    unix_ += span.count();
    while (!later_.empty() && later_.front().first <= mono_) {
      const auto job = std::move(later_.front().second);
      later_.pop_front();
      job();
    }
  }
  /// Runs `job` when the clock has moved so far. In order.
  void later(Millis span, std::function<void()> job) { later_.emplace_back(mono_ + span, std::move(job)); }

 private:
  std::deque<std::pair<MonoTime, std::function<void()>>> later_;
  MonoTime mono_{std::chrono::hours(1000)};
  UnixMs unix_ = 1'790'000'000'000;
};

class FixedRandom final : public Random {
 public:
  double uniform() override { return value; }
  double value = 0.0;
};

/// What one request comes to.
struct Scripted {
  std::optional<Failing> failing;
  int status = 200;
  bool committed = false;
  Millis takes{10};
};

Scripted answer();
Scripted fails(Reason reason, int status = 0);
Scripted fails_told(Reason reason, Millis retry_after, int status = 0);

struct FakeCredential {
  std::string id;
  std::uint64_t generation = 1;
  std::string identity;            ///< default: provider#id
  credentials::Availability availability = credentials::Availability::ready;
  std::string why;
  std::uint64_t fresh_generation = 0;   ///< what a fresh reading finds; 0: the same
};

class FakeCredentials final : public Credentials {
 public:
  std::map<std::string, std::vector<FakeCredential>> pools;   ///< a provider that is not named is keyless

  bool keyless(const std::string& provider) override { return !pools.contains(provider); }
  std::vector<std::string> order(const std::string& provider) override { return ids(provider); }
  std::vector<std::string> ids(const std::string& provider) override;
  credentials::Lookup lookup(const std::string& provider, const std::string& id, credentials::Read read) override;
  void used(const std::string& provider, const std::string& id) override { uses.push_back(provider + "#" + id); }
  std::vector<std::string> uses;
  FakeCredential& at(const std::string& provider, const std::string& id);
};

class World {
 public:
  World();

  FakeClock clock;
  FixedRandom random;
  FakeCredentials credentials;
  std::unique_ptr<state::State> state;
  std::unique_ptr<HoldBook> holds;
  std::unique_ptr<Learned> learned;
  std::map<std::string, std::deque<Scripted>> replies;                          ///< by "p", or "p#k2" where the pool has several
  std::map<std::string, std::deque<credentials::RefreshResult>> refreshes;      ///< by "p#id"
  std::string body = "{\"messages\":[]}";

  void set_holds(HoldSettings settings);

  /// What one call did.
  struct Walked {
    Trace trace;
    std::vector<std::string> requests;      ///< "p", "p#k2", "p'" (another generation than 1)
    std::vector<std::string> refreshed;     ///< "p#main"
    std::vector<Millis> waits;
    std::vector<std::vector<Adjusted>> adjusted;

    [[nodiscard]] std::vector<std::string> reasons() const;
    [[nodiscard]] std::vector<std::string> verdicts() const;
    [[nodiscard]] std::map<std::string, std::string> skipped() const;
  };
  Walked walk(const Chain& chain, Millis deadline = Millis(300'000));

  fallback::World view() { return {*holds, *learned, credentials, clock, random}; }
};

/// A chain over providers with the model "m".
Chain chain(const std::vector<std::string>& providers);

}  // namespace belay::fallback::test
