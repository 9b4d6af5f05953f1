// The host that a plugin under test sees: a real one (JSON, random, state, refresh) whose clocks stand still, whose network is a script, and which writes
// down everything that is asked of it and from which thread and call.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "belay/ext/http.h"
#include "belay/plugin.h"
#include "drive/cassette.hpp"

namespace belay::conform {

struct LoggedLine {
  std::uint32_t level;
  std::string text;
};

/// One request through belay.http/1.
struct NetworkRequest {
  std::string method, url, body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// What a plugin may call now; a call outside of it is noted in `breaches` (THRD-05).
enum class Where : std::uint8_t { nowhere, control, exchange, refresh, transport, any };

/// What cancel() tells: an atomic flag that also makes the descriptor of cancel_fd() readable.
class CancelFlag {
 public:
  CancelFlag();
  ~CancelFlag();
  CancelFlag(const CancelFlag&) = delete;
  CancelFlag& operator=(const CancelFlag&) = delete;
  CancelFlag& operator=(bool on) {
    store(on);
    return *this;
  }
  void store(bool on);
  [[nodiscard]] bool load() const { return on_.load(std::memory_order_acquire); }
  operator bool() const { return load(); }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  std::atomic<bool> on_{false};
  int descriptor_;
};

class TestHost {
 public:
  TestHost();
  ~TestHost();
  TestHost(const TestHost&) = delete;
  TestHost& operator=(const TestHost&) = delete;

  /// The table and the hello of it; `static` for the process, whichever TestHost is alive. A check that needs other sizes copies it.
  [[nodiscard]] const belay_host* table() const;
  [[nodiscard]] belay_hello hello() const;

  // ---- what the check sets
  std::int64_t mono_ns = 1'000'000'000'000;      ///< stands still unless `ticking`
  std::int64_t unix_ms = 1'790'000'000'000;
  bool ticking = false;                          ///< real clocks, for deadlines
  std::vector<std::string> absent;               ///< extension ids that this host lacks (LIFE-07)
  std::function<CassetteReply(const NetworkRequest&)> network;   ///< unset: belay.http/1 answers CONTRACT and it is a breach
  std::map<std::string, std::string> sources;    ///< of belay.secret/1
  CancelFlag cancelled;                          ///< of cancel()
  std::uint64_t seed = 1;                        ///< of belay.random/1, which goes on from call to call

  // ---- what the plugin did
  std::vector<LoggedLine> log;
  std::vector<NetworkRequest> requests;
  std::map<std::string, std::string> state;      ///< of belay.state/1
  std::vector<std::string> asked;                ///< extension ids
  std::vector<std::string> breaches;             ///< sentences: a service called where its tag forbids it, a pointer that is not ours, ...
  std::vector<std::string> notes;                ///< what this host did otherwise than a real one: "exec was not run"
  mutable std::mutex guard;                      ///< over all of the above

  /// Of the instance, all of them: a handle that the plugin must hand back as it is. Nothing stands behind a handle: to look into one is a crash.
  [[nodiscard]] belay_ctx* ctx();
  [[nodiscard]] const belay_cancel* cancel();

  /// The ctx of one refresh or login; stale once it is gone.
  class RefreshContext {
   public:
    RefreshContext(TestHost& host, std::int64_t deadline_ns);
    ~RefreshContext();
    RefreshContext(const RefreshContext&) = delete;
    RefreshContext& operator=(const RefreshContext&) = delete;
    [[nodiscard]] belay_ctx* get() const { return handle_; }

   private:
    TestHost& host_;
    belay_ctx* handle_;
  };

  /// What the plugin reads as mono_ns() and unix_ms().
  [[nodiscard]] std::int64_t now_ns() const;
  [[nodiscard]] std::int64_t now_unix_ms() const;

  /// Blocks until cancelled, or until the deadline of the running refresh on a ticking clock, or `most`: a server that never answers, for `network`.
  void hang(std::chrono::milliseconds most = std::chrono::seconds(10));

  /// Marks on this thread in which kind of call the plugin is; `function` for the words of a breach, static.
  class Inside {
   public:
    explicit Inside(Where where, const char* function = "");
    ~Inside();
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    Where before_;
    const char* function_before_;
  };
  static Where where();
  /// "on_body_chunk() [exchange]"
  static std::string where_text();

  void breach(std::string sentence);

  enum class Ctx : std::uint8_t { none, instance, refresh, stale, foreign };
  [[nodiscard]] Ctx kind_of(const belay_ctx* ctx) const;

 private:
  friend class RefreshContext;
  std::map<const belay_ctx*, std::int64_t> refreshes_;   ///< running ones and their deadlines
  std::uint64_t next_handle_ = 0;
};

/// The test host of this process; one at a time.
TestHost& the_host();

}  // namespace belay::conform
