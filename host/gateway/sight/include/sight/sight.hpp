// Sight: everything the gateway shows. Each worker counts and keeps traces on its own loop thread, without locks;
// readers ask all of them by posting, and answer when all have answered. Log lines and spans are written by a thread of
// their own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "front/front.hpp"
#include "runtime/loops.hpp"
#include "runtime/runtime.hpp"
#include "sight/live.hpp"
#include "sight/record.hpp"

namespace belay::gateway {

struct SightSettings {
  std::string access_log = "off";  ///< off | stderr | stdout | a file's path
  std::string otlp_endpoint;       ///< "http://127.0.0.1:4318", without "/v1/traces"; empty: no spans are sent
  std::vector<std::pair<std::string, Secret>> otlp_headers;  ///< sent with every batch, to that origin alone
  std::string service_name = "belay";
  std::size_t traces_kept = 1000;  ///< of all workers together
  std::size_t queue =
      4096;  ///< requests of one worker that wait for the log and the spans; more are dropped and counted
  std::size_t batch_spans = 512;  ///< a batch goes out when it is so large
  Millis batch_wait{2'000};       ///< or so old
  Millis export_timeout{10'000};  ///< one request to the collector
  Millis export_backoff{1'000};   ///< before its second try, when the collector names no time
};

/// What [gateway] says about it.
SightSettings sight_settings(const runtime::GatewaySettings& gateway);

/// A limit of ours that turned a request away.
enum class Limit : std::uint8_t { key_requests, key_tokens, key_concurrency, route_requests, route_tokens };

/// The part of one worker. [its loop thread]
class SightWorker {
 public:
  /// A request became a call. Hold it until the request is over, and name it in RequestRecord::live.
  std::shared_ptr<LiveCall> began(const Beginning& beginning);
  /// A request is over: counted, logged, kept, told in spans. To be called before or in the turn in which its reply
  /// goes out, so that its trace is found by a client that asks at once. Once per request.
  void ended(const RequestRecord& record);
  /// `name`: of the key or the route.
  void limited(Limit limit, std::string_view name);
  /// The counts of this worker's front, read while it stands; null before its end.
  void front(const FrontCounts* counts);

  struct Impl;
  explicit SightWorker(std::unique_ptr<Impl> impl);
  ~SightWorker();
  SightWorker(const SightWorker&) = delete;
  SightWorker& operator=(const SightWorker&) = delete;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Told when a reply of one of the pages below is about to be sent: its status and the bytes of its body. [loop thread]
using Sent = std::function<void(int status, std::size_t bytes)>;

/// Whose traces may be seen: those of everyone (nullopt), or of requests that were made with that key.
using Whose = std::optional<std::string>;

class Sight {
 public:
  /// Opens the log. `loops`: one worker each, in that order; they run until after this is gone. [not a loop thread]
  static Result<std::unique_ptr<Sight>> open(SightSettings settings, std::shared_ptr<runtime::Loops> loops,
                                             std::shared_ptr<runtime::Runtime> runtime);
  /// Writes what waits for the log; waits for the loops. Call flush() before it to give spans their time. [not a loop
  /// thread]
  ~Sight();
  Sight(const Sight&) = delete;
  Sight& operator=(const Sight&) = delete;

  SightWorker& worker(std::size_t i);

  /// A new configuration is in force. An error (the log can't be opened): nothing changed. The old runtime is let go of
  /// when no reading is under way that uses it: on this thread or one of its own, never on a loop. [not a loop thread]
  Result<void> use(SightSettings settings, std::shared_ptr<runtime::Runtime> runtime);
  /// A new configuration was refused, and the old one stays. `why`: every error, as people read it. [any thread]
  void reload_failed(std::string_view why);
  /// The log was moved away: opens its path anew. [any thread, async-signal-safe]
  void reopen();
  /// Until everything told so far is written and sent, or `limit` has passed. [not a loop thread]
  void flush(Millis limit);

  // Pages. Each makes the Visit of a GET on worker `i`; Service::open() returns it.
  std::unique_ptr<Visit> metrics(std::size_t i, Reply& reply, Sent sent = {});  ///< /metrics
  std::unique_ptr<Visit> status(std::size_t i, Reply& reply, Sent sent = {});   ///< /belay/status
  std::unique_ptr<Visit> trace(std::size_t i, std::string_view id, Whose whose, Reply& reply,
                               Sent sent = {});  ///< /belay/traces/ID
  /// /belay/traces?limit=50&outcome=failed&route=compression&id=01J...: newest first.
  std::unique_ptr<Visit> traces(std::size_t i, std::string_view query, Whose whose, Reply& reply, Sent sent = {});

  struct Impl;

 private:
  explicit Sight(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace belay::gateway
