// Runtime: one LLM request in, one answer and its trace out. The synchronous, asynchronous and streaming calls run the same state machine; they only
// differ in who waits. Safe from many threads; any number of calls in flight on one loop thread.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "credentials/store.hpp"
#include "fallback/trace.hpp"
#include "plugins/registry.hpp"
#include "runtime/loops.hpp"
#include "runtime/settings.hpp"
#include "state/state.hpp"

namespace belay::runtime {

struct CallRequest {
  std::string body;                    ///< a JSON object: the request in its wire; `model` in it may be missing
  std::string operation = "chat";      ///< chat | embeddings | models | count_tokens (of anthropic.messages/1)
  std::string wire = "openai.chat/1";  ///< of the body and of the answer: openai.chat/1, openai.responses/1, anthropic.messages/1
  std::optional<std::string> route;    ///< beats the body's model
  std::optional<std::string> target;   ///< "provider" or "provider/model": a chain of one; beats the route
  std::optional<bool> stream;          ///< beats the body's stream
  std::optional<Millis> deadline;      ///< replaces the route's
  std::optional<std::string> id;       ///< belay-request-id; made when absent
  std::optional<std::string> traceparent;  ///< W3C trace context of the call; every attempt tells upstream a span of its own below it
};

/// Where a call will go, known before anything is sent.
struct Planned {
  std::string_view route;   ///< or the target's name
  bool direct = false;      ///< a target named directly
  bool streamed = false;
};

/// Who answers, told once at the commit point.
struct Committed {
  std::string id;
  std::string provider, model;
  int attempts = 0;
  std::optional<fallback::Reason> left;
};

struct CallResult {
  fallback::Trace trace;
  std::string body;      ///< outcome ok and not streamed: the answer, one JSON object in the wire of the request. Otherwise empty
  std::string text;      ///< the answer's text (of a streamed call: what was delivered)
  std::string error;     ///< one sentence for people; empty when ok
  std::string param;     ///< of a refused or unfit request: the member at fault, where it is known
  bool unfit = false;    ///< failed, since no target that was asked has a word for what is asked; nothing was sent, and a retry would not help
  /// Of a Responses stream that broke off: the response as it was told last, and the number of the event that comes next.
  struct SoFar {
    std::string response;
    std::int64_t next_event = 0;
  };
  SoFar so_far;

  [[nodiscard]] bool ok() const { return trace.outcome == fallback::Outcome::ok; }
};

/// The error object that every face shows: {"error":{"message","type","code","param","trace"}}.
std::string error_body(const CallResult& result);
/// The same in the shape of `wire`; of chat and Responses it is the one above.
std::string error_body(const CallResult& result, std::string_view wire);
/// The last events of a stream that failed after its commit point, in the shape of `wire`: the data of each.
std::vector<std::string> error_event(const CallResult& result, std::string_view wire);
/// The span of attempt `n` of a call whose own span is `call_span`: 16 hexadecimal digits each, never all zero.
std::string attempt_span(std::string_view call_span, int n);

/// Watches one call; all calls come on the loop thread, in order, never after on_done. Default: nothing.
class Observer {
 public:
  virtual ~Observer() = default;
  /// false: the call is not made, and nothing more is told. On the thread that made the call, before async_call() returns; not for a request that can't be
  /// planned.
  virtual bool on_plan(const Planned& planned) {
    (void)planned;
    return true;
  }
  /// An attempt begins (for progress on a terminal); `attempt` has no reason or status yet.
  virtual void on_attempt(const fallback::Attempt& attempt) { (void)attempt; }
  /// An attempt ended and its verdict is known.
  virtual void on_verdict(const fallback::Attempt& attempt) { (void)attempt; }
  /// Streamed calls: the commit point. From here on nothing is retried or moved.
  virtual void on_commit(const Committed& committed) { (void)committed; }
  /// Streamed calls: one event's data in the wire of the request, without framing and without the end mark. false pauses the upstream until
  /// Call::resume().
  virtual bool on_event(std::string_view data) {
    (void)data;
    return true;
  }
  /// Streamed calls: the text of on_event(), for those who only want text.
  virtual void on_text(std::string_view text) { (void)text; }
  virtual void on_done(const CallResult& result) { (void)result; }
};

/// A call in flight. Dropping it neither cancels nor waits. Thread-safe.
class Call {
 public:
  virtual ~Call() = default;
  virtual void cancel() = 0;
  virtual void resume() = 0;
};

/// What `belay explain` prints.
struct ExplainedTarget {
  std::string target;       ///< "provider/model"
  std::string plugin, cost, zone;
  std::string state;        ///< "in", or why it is skipped: "held: quota_exhausted, 592 s left", "credential_missing: ..."
  bool included = false;
  std::vector<std::string> credentials;  ///< "main: ready", redacted
  std::vector<std::string> origins;      ///< where its secrets may go
  std::string on;           ///< groups of its `on`, or empty
  int requests = 0;         ///< upper bound for this target
};
struct ExplainedReason {
  fallback::Reason reason;
  std::string here;         ///< what is done on the target, in order
  std::string then;         ///< "next_target: c/m", "give_up"
  std::string hold;         ///< "credential, 10 min"
};
struct Explanation {
  std::string route;
  bool direct = false;
  Millis deadline{0};
  std::vector<ExplainedTarget> targets;
  std::vector<ExplainedReason> reasons;
  int requests = 0;         ///< upper bound of requests for one call
};

/// One row of `belay status`: a hold that is in force or waits for its probe.
struct HoldStatus {
  std::string scope, what;  ///< "target", "spare/m1"
  fallback::Reason reason;
  std::int64_t left_ms = 0; ///< 0: its probe is due; -1: until the secret changes
  std::string message;
};
struct Status {
  std::vector<HoldStatus> holds;
  std::vector<credentials::Status> credentials;
  std::vector<plugins::TypeStatus> plugins;   ///< what this process runs, by provider type
};

class Runtime;

struct Options {
  std::size_t loops = 1;
  std::shared_ptr<Loops> on;            ///< runs on these instead of on threads of its own; they are used by other runtimes too
  std::shared_ptr<state::State> state;  ///< instead of opening what the settings say: the same one as another runtime's
  plugins::TryOut try_out;              ///< what a plugin file must pass before it is mapped; none: it is mapped untried
  Runtime* before = nullptr;            ///< the one that this one replaces: what it serves goes on where a plugin file turned bad. Used by open() alone
  bool refresh_ahead = true;   ///< in the background, before a token runs out; not worth it for a process that ends after one call
  /// One-shot commands: refreshes that this process leads run in another one (credentials::Options::elsewhere).
  std::function<credentials::RefreshResult(const credentials::RefreshRequest&)> refresh_elsewhere;
};

class Runtime {
 public:
  /// Opens the state and reads the plugin folders; plugins are mapped when first needed. The error says what to do.
  static Result<std::unique_ptr<Runtime>> open(Settings settings, Options options = {});
  /// Cancels calls in flight; waits for refreshes that are under way. Not on a loop thread.
  virtual ~Runtime() = default;

  /// Blocks until the answer or the error is there. Not on a loop thread. [any thread]
  virtual CallResult call(CallRequest request, Observer* observer = nullptr) = 0;
  /// Returns at once; `observer` lives until its on_done. [any thread]
  virtual std::shared_ptr<Call> async_call(CallRequest request, std::shared_ptr<Observer> observer) = 0;
  /// Returns at once; the future never throws. [any thread]
  virtual std::future<CallResult> async_call(CallRequest request) = 0;

  /// What would happen; sends nothing. An error for an unknown route or target.
  virtual Result<Explanation> explain(const std::optional<std::string>& route, const std::optional<std::string>& target) = 0;
  virtual Status status() = 0;
  /// Lifts holds: all, of "provider", "provider/model" or "provider#id". Returns how many; an error for an unknown name.
  virtual Result<int> reset(const std::optional<std::string>& what) = 0;
  /// Runs the hook now. Blocks. An error for an unknown provider or credential.
  virtual Result<credentials::RefreshResult> refresh(const std::string& provider, const std::string& id) = 0;
  /// The leader part of one refresh, blocking: what a child process of `refresh_elsewhere` does.
  virtual credentials::RefreshResult refresh_here(const credentials::RefreshRequest& request) = 0;
  /// Makes every configured instance, so that options are checked against the plugins' schemas: one sentence per provider that can't be served.
  virtual std::vector<std::pair<std::string, std::string>> check_providers() = 0;

  virtual plugins::Registry& registry() = 0;
  [[nodiscard]] virtual const Settings& settings() const = 0;
  /// For another runtime that shares it (Options::state).
  [[nodiscard]] virtual std::shared_ptr<state::State> state() = 0;
};

/// The decision tables as Markdown, printed from the table that runs.
std::string policy_tables();

}  // namespace belay::runtime
