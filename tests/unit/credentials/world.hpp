// What the tests of credentials live in: a folder with state and secret files, a clock that stands still, and a hook
// that the test writes.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "base/workers.hpp"
#include "credentials/store.hpp"
#include "state/state.hpp"

namespace belay::credentials {

/// Time of day that only the test moves. Spans are real: leases and waiters use them.
class HandClock final : public Clock {
 public:
  [[nodiscard]] MonoTime mono() const override { return std::chrono::steady_clock::now() + ahead_.load(); }
  [[nodiscard]] UnixMs unix_ms() const override { return now_.load(); }
  void advance(Millis span) {
    now_ += span.count();
    ahead_ = ahead_.load() + span;
  }

 private:
  std::atomic<UnixMs> now_{1'800'000'000'000};
  std::atomic<Millis> ahead_{Millis{0}};
};

class HandRandom final : public Random {
 public:
  double uniform() override { return next; }
  double next = 0;
};

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void write_text(const std::filesystem::path& path, const std::string& text);
std::string read_text(const std::filesystem::path& path);

Source source(const std::string& spelling);
/// An api_key credential from one source.
CredentialSettings key_from(const std::string& id, const std::string& spelling);
/// An oauth2 credential whose tokens stand in a JSON file; `url` may be any.
CredentialSettings login_in(const std::filesystem::path& file, const std::string& url = "http://127.0.0.1:1/token");
/// {"access_token": "at-N", "refresh_token": "rt-N"}
std::string login_json(int number);

std::string value_of(const std::vector<Field>& fields, std::string_view name);
/// The secret that an exchange would send; "" when there is none.
std::string secret_of(const Lookup& lookup);

/// What a hook answers that got the next pair of tokens: "at-N", and "rt-N".
HookOutput tokens(int number, std::optional<UnixMs> expires = std::nullopt);

class World : public ::testing::Test {
 protected:
  World();
  ~World() override;

  /// Begins anew with these pools, as another process would; the state stays.
  void open(std::vector<PoolSettings> pools);
  void open_one(CredentialSettings credential) {
    open({{.provider = "p", .origin = "http://127.0.0.1:9", .credentials = {std::move(credential)}}});
  }
  void reopen();
  [[nodiscard]] std::unique_ptr<state::State> open_state(const std::string& name) const;

  Lookup lookup(Read read = Read::cached) { return store->lookup("p", "main", read); }
  Lookup load(Read read = Read::cached, const std::string& provider = "p");
  RefreshRequest request(Cause cause, std::uint64_t failed_generation) const;
  RefreshResult refresh(std::uint64_t failed_generation, Cause cause = Cause::rejected,
                        const std::string& provider = "p");
  std::future<RefreshResult> refresh_async(RefreshRequest wanted);
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return dir.path() / name; }
  /// The only record of an area: its path in the state folder.
  [[nodiscard]] std::filesystem::path record(const std::string& area) const;

  TempDir dir;
  HandClock clock;
  HandRandom random;
  Workers workers{64};
  std::atomic<int> hook_calls{0};
  /// Called for every hook; the default says not_applicable.
  std::function<HookOutput(const HookInput&)> hook;
  std::function<RefreshResult(const RefreshRequest&)> elsewhere;
  Millis hook_limit{10'000};
  std::unique_ptr<state::State> state;
  std::unique_ptr<Store> store;

 private:
  std::vector<PoolSettings> pools_;
};

}  // namespace belay::credentials
