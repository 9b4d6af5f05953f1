// Machine: the fallback machine of one call, sans I/O. It is told what happened and answers what to do next; who waits for network, clock or refresh
// is the driver's business, so the synchronous and the asynchronous API run the same code and a test needs neither.
//
//     start() ─> Action ─> the driver does it ─> on_attempt() | on_refresh() | on_loaded() | on_wait_over() ─> Action ─> ... ─> finish
//                          at any time: on_deadline(), on_cancel() ─> finish
//
// Which step follows which reason is policy.hpp's table; every loop here is bounded by a counter that a target or the call owns.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "credentials/store.hpp"
#include "fallback/chain.hpp"
#include "fallback/classify.hpp"
#include "fallback/holds.hpp"
#include "fallback/learned.hpp"
#include "fallback/policy.hpp"
#include "fallback/trace.hpp"

namespace belay::fallback {

/// What the machine asks about credentials; stands for credentials::Store.
class Credentials {
 public:
  virtual ~Credentials() = default;
  virtual bool keyless(const std::string& provider) = 0;
  /// The pool in the order of its strategy; advances its counters.
  virtual std::vector<std::string> order(const std::string& provider) = 0;
  /// The pool as configured.
  virtual std::vector<std::string> ids(const std::string& provider) = 0;
  virtual credentials::Lookup lookup(const std::string& provider, const std::string& id, credentials::Read read) = 0;
  /// A request is about to be made with it.
  virtual void used(const std::string& provider, const std::string& id) = 0;
};

/// Upper bound of dropped or renamed parameters on one target.
inline constexpr int max_adjustments = 8;

namespace action {

/// Begin one exchange. It has until `limit`; the call's own deadline is the driver's timer.
struct Attempt {
  const Target* target;
  credentials::SnapshotPtr credential;   ///< null: keyless
  std::vector<Adjusted> adjusted;        ///< to be applied to the request, in order
  MonoTime limit;                        ///< of an unstreamed exchange, or of a stream until its commit point
  bool renew;                            ///< it is time to refresh this credential in the background; it serves meanwhile
};
struct Wait {
  MonoTime until;
};
struct Refresh {
  const Target* target;
  std::string credential;
  credentials::Cause cause;
  std::uint64_t failed_generation;
  MonoTime wait_until;
};
/// Run what a lookup needs (a command), then on_loaded().
struct Load {
  const Target* target;
  std::string credential;
  credentials::Read read;
};
/// The trace is complete.
struct Finish {};

}  // namespace action

using Action = std::variant<action::Attempt, action::Wait, action::Refresh, action::Load, action::Finish>;

/// How an attempt ended.
struct AttemptEnd {
  std::optional<Failing> failing;   ///< nullopt: answered
  int status = 0;
  bool committed = false;           ///< content was delivered before it failed
};

struct World {
  HoldBook& holds;
  Learned& learned;
  Credentials& credentials;
  const Clock& clock;
  Random& random;
};

class Machine {
 public:
  /// `members`: the request's top-level members, route params included; outlive the machine. `arrival`: when the call came, from which `limit`
  /// (the route's deadline, or the caller's own) counts.
  Machine(World world, std::shared_ptr<const Chain> chain, const std::vector<json::Member>& members, std::string id, MonoTime arrival, Millis limit);

  Action start();
  Action on_attempt(const AttemptEnd& end);
  Action on_refresh(const credentials::RefreshResult& result);
  Action on_loaded(const credentials::Lookup& lookup);
  Action on_wait_over();
  /// The driver has stopped whatever was running; `end` tells of the attempt that was in flight, if one was.
  Action on_deadline(const std::optional<AttemptEnd>& in_flight) { return cut(Reason::deadline_exceeded, Outcome::deadline, in_flight); }
  Action on_cancel(const std::optional<AttemptEnd>& in_flight) { return cut(Reason::cancelled, Outcome::cancelled, in_flight); }

  [[nodiscard]] MonoTime deadline() const { return deadline_; }
  [[nodiscard]] const Chain& chain() const { return *chain_; }
  [[nodiscard]] const Trace& trace() const { return trace_; }
  Trace& trace() { return trace_; }
  /// Why the first target was left, if it was.
  [[nodiscard]] std::optional<Reason> left_so_far() const { return first_ && at_ == *first_ ? std::nullopt : first_reason_; }
  /// How many attempts, from the first, have their final verdict.
  [[nodiscard]] std::size_t settled() const { return settled_; }

 private:
  enum class Doing : std::uint8_t { nothing, attempt, waiting_to_retry, waiting_for_probe, refreshing, refreshing_before_use, loading };
  struct Left {                       // a target that was passed over for a hold: a candidate when nothing else is left
    std::size_t target;
    UnixMs until;
    bool until_secret, probing;
    std::string credential;           // whose hold it is; empty: the target's own
  };
  using Maybe = std::optional<Action>;

  Action next_target();
  Action enter_target();
  Action exhausted();
  Action probe(const Left& chosen);
  Action look_again();
  bool advance();
  [[nodiscard]] bool attempted(const Target& target) const;
  Action leave();
  Action finish(Outcome outcome, std::optional<Reason> reason);
  Action cut(Reason reason, Outcome outcome, const std::optional<AttemptEnd>& in_flight);
  Maybe pick_credential();
  Maybe consider(const credentials::Lookup& lookup, credentials::Read read);
  Maybe no_credential_left();
  Action begin_attempt();
  Action after_failure();
  Maybe try_step(Step step);
  Maybe retry(std::optional<Millis> told, int& used, int bound);
  Action wait_for(Millis span);
  Action succeed(const AttemptEnd& end);

  bool closed(const Target& target);
  bool passes(const HoldKey& key, std::uint64_t generation, std::string& why);
  void pass_over(const Target& target, std::string why);
  void note_held(const HoldKey& key, std::string why);
  void place_hold();
  void place_refresh_hold(const credentials::RefreshResult& result, Reason reason);
  std::optional<HoldKey> key_for(Scope scope) const;
  void release_probes();
  void note_reason(Reason reason);
  std::optional<std::int64_t> earliest_retry();
  std::size_t still_open() const;
  [[nodiscard]] const Target& target() const { return chain_->targets[at_]; }
  [[nodiscard]] bool is_request_reason(Reason reason) const;
  [[nodiscard]] std::string cap_parameter() const;
  [[nodiscard]] std::int64_t cap_now(const std::string& parameter) const;
  [[nodiscard]] bool has_member(std::string_view name) const;

  World world_;
  const std::shared_ptr<const Chain> chain_;
  const std::vector<json::Member>& members_;
  const MonoTime arrival_;
  const MonoTime deadline_;
  Trace trace_;
  std::size_t settled_ = 0;

  // The walk.
  std::size_t at_ = 0;                       // index of the target being walked
  bool entered_ = false, forced_ = false;
  bool again_ = false;                       // all were walked; this is about those that were passed over for a hold
  std::set<std::size_t> passed_over_;        // of these the ones that are still to be looked at
  std::optional<MonoTime> wait_end_;         // of waiting for other calls' probes, all of it together
  std::vector<Left> left_;
  std::optional<Reason> last_reason_, first_reason_;
  std::optional<std::size_t> first_;         // the first target that is allowed at all
  std::optional<std::int64_t> context_above_;
  std::set<std::string> refreshed_;          // "provider#id", once per call
  std::set<std::string> tried_;              // "provider/model#id", each once per call
  std::string only_;                         // the one credential whose hold is probed for want of anything else
  std::vector<HoldKey> probes_;              // of which this call is the prober

  // The target.
  std::vector<std::string> pool_;
  std::size_t next_in_pool_ = 0;
  bool keyless_ = false, attempted_here_ = false;
  MonoTime share_end_;
  std::string held_why_, missing_why_;
  std::optional<Left> held_;
  std::vector<Adjusted> adjusted_;
  std::set<std::string> adjusted_names_;
  bool size_adjusted_ = false;

  // The credential on that target.
  std::string credential_;                   // id
  credentials::Lookup lookup_;
  int transient_ = 0, timeouts_ = 0, waits_ = 0;

  // The attempt.
  Doing doing_ = Doing::nothing;
  credentials::Read loading_ = credentials::Read::cached;
  AttemptEnd end_;
  std::size_t step_ = 0;
  UnixMs began_unix_ = 0;
  MonoTime began_;
};

}  // namespace belay::fallback
