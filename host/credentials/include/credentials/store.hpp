// Store: every credential of every provider. Hands out immutable snapshots, and coordinates refreshes so that one grant
// is refreshed once however many calls, threads and processes want it (DESIGN 4.3, 5).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.hpp"
#include "base/time.hpp"
#include "base/workers.hpp"
#include "credentials/refresh.hpp"
#include "credentials/settings.hpp"
#include "state/state.hpp"

namespace belay::credentials {

/// One secret at one generation. Immutable; an exchange keeps the one it began with.
struct Snapshot {
  std::string provider, id, type;
  std::uint64_t generation = 0;
  /// The same for two entries that hold the same secret or login; what holds are keyed on. A keyed fingerprint, safe to
  /// print.
  std::string identity;
  std::optional<UnixMs> expires;
  std::vector<Field> fields;                 ///< what an exchange may see
  std::vector<std::string> allowed_origins;  ///< origins and patterns its secrets may go to
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

enum class Availability {
  ready,     ///< snapshot may be used
  advisory,  ///< snapshot may be used; it is time to refresh it in the background
  refresh,   ///< expired, or no access token yet: refresh before use
  missing,   ///< no source yields a value; `why` says which
  blocking,  ///< a command has to be run first: call load()
};

struct Lookup {
  Availability availability = Availability::missing;
  SnapshotPtr snapshot;  ///< null when missing or blocking; with `refresh` it has the generation, perhaps without a
                         ///< usable secret
  std::string identity;  ///< known also without a snapshot where the login is known
  std::string why;       ///< "environment variable OPENAI_API_KEY is not set"
};

/// Cached: what was last read, and what other processes published. Fresh: sources are read again (a held credential
/// when planning).
enum class Read { cached, fresh };

struct RefreshRequest {
  std::string provider, id;
  Cause cause = Cause::rejected;
  std::uint64_t failed_generation = 0;
  Failure failure;
  MonoTime wait_until;  ///< of this waiter; the hook itself has `Options::hook_limit`
  /// When it was asked for; 0: now. How another process's refresh failed since then is shared instead of trying once
  /// more.
  UnixMs asked_at = 0;
};

struct RefreshResult {
  RefreshOutcome outcome = RefreshOutcome::failed_transient;
  std::uint64_t generation = 0;  ///< current one afterwards
  std::optional<Millis> retry_after;
  bool until_secret_changes = false;  ///< failed_permanent, needs_interaction: hold until the secret changes
  bool connection_bound = false;
  std::string message;  ///< scrubbed; for needs_interaction what a person must do
};

/// For `belay status` and `belay check`: never holds a secret.
struct Status {
  std::string provider, id, type;
  std::uint64_t generation = 0;
  Availability availability = Availability::missing;
  std::string why;
  std::vector<std::string> sources;  ///< "source: env:OPENAI_API_KEY"
  std::vector<std::string> origins;  ///< where its secrets may go
  std::optional<UnixMs> expires;
  std::optional<UnixMs> refreshed_at;  ///< last successful refresh or adoption
  std::optional<RefreshOutcome> last_outcome;
  std::string last_message;  ///< what a person must do, if anything
};

/// How a refresh is carried out once this process leads it.
struct Options {
  /// The plugin's hook of one provider, or null when it is not loaded. Called on a worker.
  std::function<HookOutput(const HookInput&)> hook;
  /// Time one hook may take, whoever started it (the route's attempt_timeout).
  std::function<Millis(const std::string& provider)> hook_limit;
  /// Set by one-shot commands with shared state: runs the whole leader part (lease, re-read, hook, publish) in another
  /// process, so that ending this one does not cut a token request. Blocks on a worker. Null: in this process. See
  /// refresh_here(). Not called for credentials without a refresh token.
  std::function<RefreshResult(const RefreshRequest&)> elsewhere;
};

class Store {
 public:
  Store(state::State& state, const Clock& clock, Random& random, Workers& workers, std::vector<PoolSettings> pools,
        Options options);
  /// Waits for refreshes that are under way. Commands, and hooks that have no refresh token to lose, are cancelled.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// The provider's credential ids in the order in which a call should try them now, by its strategy (advances the
  /// counters kept in state). Entries that hold the same secret appear once. Empty: keyless. [any thread]
  std::vector<std::string> order(std::string_view provider);
  /// A request is about to be made with it: what the strategy `least_used` counts. [any thread]
  void used(std::string_view provider, std::string_view id);
  [[nodiscard]] bool keyless(std::string_view provider) const;

  /// Never runs a command. [any thread]
  Lookup lookup(std::string_view provider, std::string_view id, Read read);
  /// Reads all sources, commands too, on a worker, then calls `done` there. [any thread]
  void load(std::string_view provider, std::string_view id, Read read, std::function<void(Lookup)> done);

  /// Single flight per grant, in and across processes; `done` is called on a worker, for this waiter at `wait_until` at
  /// the latest (then failed_transient), also when someone refreshed already (then refreshed, without a request). [any
  /// thread]
  void refresh(RefreshRequest request, std::function<void(RefreshResult)> done);
  /// The leader part in this process, blocking: what `elsewhere` runs in its child. [worker or main thread]
  RefreshResult refresh_here(const RefreshRequest& request);

  std::vector<Status> status();

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace belay::credentials
