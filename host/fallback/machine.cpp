#include "fallback/machine.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/secret.hpp"

namespace belay::fallback {
namespace {

constexpr Millis longest_backoff{8000};
constexpr Millis probe_poll{50};
constexpr std::int64_t least_output = 512;   // below it an answer is not worth asking for
constexpr std::int64_t output_margin = 64;   // providers round what an account can pay for

std::int64_t ms_between(MonoTime from, MonoTime to) { return std::chrono::duration_cast<Millis>(to - from).count(); }

/// A smaller output cap, and neither a new name nor a parameter that goes.
bool is_size(const Adjusted& adjusted) { return adjusted.to != "null" && adjusted.to.front() != '"'; }

}  // namespace

Machine::Machine(World world, std::shared_ptr<const Chain> chain, const std::vector<json::Member>& members, std::string id, MonoTime arrival, Millis limit)
    : world_(world), chain_(std::move(chain)), members_(members), arrival_(arrival), deadline_(arrival + limit) {
  trace_.id = std::move(id);
  trace_.route = chain_->route.name;
}

// ------------------------------------------------------------------------------------------------------------- walking the chain

Action Machine::start() {
  at_ = 0;
  entered_ = false;
  return next_target();
}

/// The next one to walk: along the chain, or, after a wait, of those that were passed over for a hold.
bool Machine::advance() {
  if (again_) {
    if (passed_over_.empty()) return false;
    at_ = *passed_over_.begin();
    passed_over_.erase(passed_over_.begin());
    return true;
  }
  at_ = entered_ ? at_ + 1 : 0;
  entered_ = true;
  return at_ < chain_->targets.size();
}

Action Machine::next_target() {
  release_probes();
  if (forced_) return exhausted();
  while (advance()) {
    if (!closed(target())) return enter_target();
    release_probes();
  }
  return exhausted();
}

bool Machine::attempted(const Target& target) const {
  return std::any_of(trace_.attempts.begin(), trace_.attempts.end(), [&](const Attempt& attempt) { return attempt.provider == target.provider && attempt.model == target.model; });
}

/// Skips that need no credential: the owner's policy, `on`, context, plugin, endpoint and target holds.
bool Machine::closed(const Target& target) {
  if (auto why = not_allowed(chain_->route, target); !why.empty()) {
    pass_over(target, std::move(why));
    return true;
  }
  if (target.on && at_ > 0 && !again_ && (!last_reason_ || !target.on->test(static_cast<std::size_t>(*last_reason_)))) {
    pass_over(target, "on: not opened by " + std::string(last_reason_ ? to_string(*last_reason_) : "a skip by policy"));
    return true;
  }
  if (context_above_ && (!target.facts.context || *target.facts.context <= *context_above_)) {
    pass_over(target, "context: " + (target.facts.context ? std::to_string(*target.facts.context) + " is not larger" : std::string("not declared")));
    return true;
  }
  if (!first_) first_ = at_;  // what the owner's rules pass over has no reason of its own
  if (!target.unavailable.empty()) {
    note_reason(Reason::plugin_fault);
    pass_over(target, "plugin: " + target.unavailable);
    return true;
  }
  if (world_.holds.none()) return false;
  std::string why;
  for (const HoldKey& key : {plugin_key(target.plugin), endpoint_key(target.origin, target.provider), target_key(target.provider, target.model)}) {
    if (key.scope == Scope::endpoint && target.origin.empty()) continue;
    if (passes(key, target.generation(key.scope), why)) continue;
    const auto hold = world_.holds.find(key);
    if (hold) left_.push_back({at_, hold->until, hold->until_secret, hold->until <= world_.clock.unix_ms(), {}});
    if (again_ && attempted(target)) return true;  // what it failed with is told already
    if (hold) note_reason(hold->reason);
    pass_over(target, key.scope == Scope::plugin ? "plugin: " + why : why);
    return true;
  }
  return false;
}

void Machine::pass_over(const Target& target, std::string why) { trace_.skipped.push_back({target.name(), scrub(why)}); }

void Machine::note_reason(Reason reason) {
  last_reason_ = reason;
  if (first_ && at_ == *first_) first_reason_ = reason;
}

/// Targets, from this one on, that may still be tried: what the time left is shared by.
std::size_t Machine::still_open() const {
  if (again_) return 1 + passed_over_.size();
  std::size_t open = 1;
  const bool nothing_held = world_.holds.none();
  for (std::size_t i = at_ + 1; i < chain_->targets.size() && !forced_; ++i) {
    const Target& target = chain_->targets[i];
    if (!not_allowed(chain_->route, target).empty() || !target.unavailable.empty()) continue;
    bool held = false;
    if (nothing_held) {
      ++open;
      continue;
    }
    for (const HoldKey& key : {plugin_key(target.plugin), endpoint_key(target.origin, target.provider), target_key(target.provider, target.model)}) {
      const auto hold = world_.holds.find(key);
      held = held || (hold && !hold->ended_by(target.generation(key.scope)) && HoldBook::gate(*hold, world_.clock.unix_ms()) == Gate::held);
    }
    if (!held) ++open;
  }
  return open;
}

Action Machine::enter_target() {
  const MonoTime now = world_.clock.mono();
  share_end_ = now + (deadline_ - now) / static_cast<std::int64_t>(still_open());
  attempted_here_ = again_ && attempted(target());
  held_why_.clear();
  missing_why_.clear();
  held_.reset();
  size_adjusted_ = false;
  adjusted_names_.clear();
  adjusted_.clear();
  for (const Adjusted& known : world_.learned.of(target().origin, target().model)) {
    if (has_member(known.parameter)) adjusted_.push_back(known);
  }
  keyless_ = world_.credentials.keyless(target().provider);
  pool_ = keyless_ ? std::vector<std::string>{""} : !only_.empty() ? std::vector{only_} : world_.credentials.order(target().provider);
  next_in_pool_ = 0;
  if (auto action = pick_credential()) return *action;
  return next_target();
}

/// The end of the chain: everything failed or was skipped.
Action Machine::exhausted() {
  release_probes();  // whoever waits keeps nobody else away
  const auto probing = std::find_if(left_.begin(), left_.end(), [](const Left& left) { return left.probing; });
  if (trace_.attempts.empty() && !left_.empty()) {
    // All are held: the one whose hold ends first is probed rather than failing without a try; if nothing of it can be used, the next one.
    const auto sooner = [](const Left& a, const Left& b) {
      return std::tuple(a.until_secret || a.probing, a.until) < std::tuple(b.until_secret || b.probing, b.until);
    };
    const auto best = std::min_element(left_.begin(), left_.end(), sooner);
    if (!best->until_secret && !best->probing) return probe(*best);
  }
  // Somebody is trying it right now: what comes of that is worth a wait as long as a try of one's own, also after a forced try of something else.
  if (probing != left_.end() && (!forced_ || !trace_.attempts.empty())) {
    const MonoTime now = world_.clock.mono();
    if (!wait_end_) wait_end_ = now + chain_->route.attempt_timeout;
    if (now < *wait_end_) {
      doing_ = Doing::waiting_for_probe;
      return wait_for(probe_poll);
    }
  }
  const bool by_request = !trace_.attempts.empty() && trace_.attempts.back().reason && is_request_reason(*trace_.attempts.back().reason);
  if (by_request) return finish(Outcome::refused, trace_.attempts.back().reason);
  return finish(Outcome::failed, first_reason_.value_or(last_reason_.value_or(Reason::model_unavailable)));
}

/// Enters a target although it is held.
Action Machine::probe(const Left& chosen) {
  forced_ = true;
  at_ = chosen.target;
  only_ = chosen.credential;
  std::erase_if(left_, [this](const Left& left) { return left.target == at_; });
  std::erase_if(trace_.skipped, [this](const Skipped& skipped) { return skipped.target == target().name(); });  // it is tried after all
  std::string why;
  for (const HoldKey& key : {plugin_key(target().plugin), endpoint_key(target().origin, target().provider), target_key(target().provider, target().model)}) {
    passes(key, 0, why);
  }
  return enter_target();
}

/// Goes back to what was passed over for a hold, after everything else has failed.
Action Machine::look_again() {
  again_ = true;
  forced_ = false;
  only_.clear();
  for (const Left& left : std::exchange(left_, {})) {
    passed_over_.insert(left.target);
    std::erase_if(trace_.skipped, [&](const Skipped& skipped) { return skipped.target == chain_->targets[left.target].name(); });
  }
  return next_target();
}

bool Machine::is_request_reason(Reason reason) const {
  return reason == Reason::context_too_long || reason == Reason::request_too_large || reason == Reason::bad_request || reason == Reason::content_refused;
}

// --------------------------------------------------------------------------------------------------------------------- credentials

Machine::Maybe Machine::pick_credential() {
  while (next_in_pool_ < pool_.size()) {
    // A refresh may have used up this target's share: an attempt without time is none, and would only hold the target.
    if (next_in_pool_ > 0 && world_.clock.mono() >= share_end_) break;
    credential_ = pool_[next_in_pool_++];
    if (tried_.contains(target().name() + "#" + credential_)) continue;
    transient_ = timeouts_ = waits_ = 0;
    size_adjusted_ = false;
    std::erase_if(adjusted_, is_size);  // what the last account could pay for
    const auto lookup = keyless_ ? credentials::Lookup{credentials::Availability::ready, nullptr, "keyless", {}}
                                 : world_.credentials.lookup(target().provider, credential_, credentials::Read::cached);
    if (auto action = consider(lookup, credentials::Read::cached)) return action;
  }
  return no_credential_left();
}

Machine::Maybe Machine::consider(const credentials::Lookup& lookup, credentials::Read read) {
  using credentials::Availability;
  lookup_ = lookup;
  if (lookup.availability == Availability::blocking) {
    doing_ = Doing::loading;
    loading_ = read;
    return action::Load{&target(), credential_, read};
  }
  if (lookup.availability == Availability::missing) {
    if (missing_why_.empty()) missing_why_ = lookup.why.empty() ? "no source yields a value" : lookup.why;
    return std::nullopt;
  }
  const std::uint64_t generation = lookup.snapshot ? lookup.snapshot->generation : 0;
  if (!world_.holds.none()) {
    for (const HoldKey& key : {credential_key(target().provider, credential_, lookup.identity, target().origin),
                               credential_model_key(target().provider, credential_, lookup.identity, target().origin, target().model)}) {
      std::string why;
      if (passes(key, generation, why)) continue;
      // Its owner may have replaced the secret meanwhile.
      if (read == credentials::Read::cached && !keyless_) {
        return consider(world_.credentials.lookup(target().provider, credential_, credentials::Read::fresh), credentials::Read::fresh);
      }
      note_held(key, std::move(why));
      return std::nullopt;
    }
  }
  if (lookup.availability == Availability::refresh) {
    const bool missing = !lookup.snapshot || lookup.snapshot->fields.empty();
    doing_ = Doing::refreshing_before_use;
    return action::Refresh{&target(), credential_, missing ? credentials::Cause::missing : credentials::Cause::expired, generation,
                           std::min(share_end_, world_.clock.mono() + chain_->route.attempt_timeout)};
  }
  return begin_attempt();
}

/// Nothing of the pool can be used (any more). nullopt: go on to the next target.
Machine::Maybe Machine::no_credential_left() {
  if (attempted_here_) {
    if (held_ && held_->probing) left_.push_back(*held_);
    return std::nullopt;
  }
  if (missing_why_.empty() && held_why_.empty()) return std::nullopt;  // the chain names it twice, and it was tried
  if (!held_why_.empty()) {
    pass_over(target(), held_why_);
    if (held_) left_.push_back(*held_);
  } else {
    note_reason(Reason::credential_missing);
    pass_over(target(), "credential_missing: " + missing_why_);
    if (then_of(chain_->route, Reason::credential_missing) == Then::give_up) return finish(Outcome::failed, first_reason_.value_or(Reason::credential_missing));
  }
  return std::nullopt;
}

Action Machine::on_loaded(const credentials::Lookup& lookup) {
  doing_ = Doing::nothing;
  credentials::Lookup read = lookup;
  if (read.availability == credentials::Availability::blocking) read.availability = credentials::Availability::missing;  // loaded and still nothing
  if (auto action = consider(read, loading_)) return *action;
  if (auto action = pick_credential()) return *action;
  return attempted_here_ ? leave() : next_target();
}

// ----------------------------------------------------------------------------------------------------------------------- attempts

Action Machine::begin_attempt() {
  if (!trace_.attempts.empty() && settled_ < trace_.attempts.size()) {
    Attempt& last = trace_.attempts.back();
    const bool same = last.provider == target().provider && last.model == target().model && attempted_here_;
    if (!same) last.verdict = Verdict::next_target;
    else if (last.credential != credential_) last.verdict = Verdict::next_credential;
    settled_ = trace_.attempts.size();
  }
  attempted_here_ = true;
  if (tried_.insert(target().name() + "#" + credential_).second && !keyless_) world_.credentials.used(target().provider, credential_);
  doing_ = Doing::attempt;
  began_ = world_.clock.mono();
  began_unix_ = world_.clock.unix_ms();
  Attempt attempt;
  attempt.n = static_cast<int>(trace_.attempts.size()) + 1;
  attempt.provider = target().provider;
  attempt.model = target().model;
  attempt.credential = credential_;
  attempt.generation = lookup_.snapshot ? lookup_.snapshot->generation : 0;
  attempt.adjusted = adjusted_;
  trace_.attempts.push_back(std::move(attempt));
  return action::Attempt{&target(), lookup_.snapshot, adjusted_, std::min(began_ + chain_->route.attempt_timeout, share_end_),
                         lookup_.availability == credentials::Availability::advisory};
}

Action Machine::on_attempt(const AttemptEnd& end) {
  doing_ = Doing::nothing;
  Attempt& attempt = trace_.attempts.back();
  attempt.status = end.status;
  attempt.duration_ms = ms_between(began_, world_.clock.mono());
  if (!end.failing) return succeed(end);
  end_ = end;
  attempt.reason = end.failing->reason;
  attempt.message = scrub(end.failing->message);
  note_reason(end.failing->reason);
  if (end.committed) {  // the caller has part of an answer: nothing is retried or moved
    place_hold();
    return finish(Outcome::failed, first_reason_.value_or(end.failing->reason));
  }
  step_ = 0;
  return after_failure();
}

Action Machine::after_failure() {
  const Row& row = policy(end_.failing->reason);
  while (step_ < row.steps.size()) {
    if (auto action = try_step(row.steps[step_++])) return *action;
  }
  return leave();
}

Machine::Maybe Machine::try_step(Step step) {
  const Failing& failing = *end_.failing;
  Attempt& attempt = trace_.attempts.back();
  switch (step) {
    case Step::none: return std::nullopt;
    case Step::refresh: {
      if (keyless_ || !refreshed_.insert(target().provider + "#" + credential_).second) return std::nullopt;
      doing_ = Doing::refreshing;
      return action::Refresh{&target(), credential_, end_.status == 403 ? credentials::Cause::forbidden : credentials::Cause::rejected, attempt.generation,
                             std::min(share_end_, world_.clock.mono() + chain_->route.attempt_timeout)};
    }
    case Step::next_credential: {
      place_hold();
      end_.failing->scope = Scope::none;  // held already
      return pick_credential();
    }
    case Step::adjust_size: {
      const std::string parameter = cap_parameter();
      if (size_adjusted_ || failing.affordable_tokens < least_output || failing.affordable_tokens >= cap_now(parameter)) return std::nullopt;
      size_adjusted_ = true;
      const std::int64_t size = std::max(failing.affordable_tokens - output_margin, least_output);
      std::erase_if(adjusted_, [&](const Adjusted& other) { return other.parameter == parameter && is_size(other); });
      adjusted_.push_back({parameter, std::to_string(size)});
      attempt.verdict = Verdict::adjust;
      return begin_attempt();
    }
    case Step::adjust_parameter: {
      if (failing.parameter.empty() || adjusted_names_.size() >= max_adjustments || !adjusted_names_.insert(failing.parameter).second) return std::nullopt;
      // What was renamed before and is refused under its new name is dropped under the old one.
      const auto renamed = std::find_if(adjusted_.begin(), adjusted_.end(), [&](const Adjusted& other) { return other.to == "\"" + failing.parameter + "\""; });
      if (renamed != adjusted_.end()) {
        renamed->to = "null";
        std::erase_if(adjusted_, [&](const Adjusted& other) { return other.parameter == failing.parameter && is_size(other); });
      } else if (has_member(failing.parameter) || std::any_of(adjusted_.begin(), adjusted_.end(), [&](const Adjusted& other) { return other.parameter == failing.parameter && is_size(other); })) {
        // A size stays under a new name; it goes with the parameter.
        std::erase_if(adjusted_, [&](const Adjusted& other) { return other.parameter == failing.parameter && (failing.rename.empty() || !is_size(other)); });
        adjusted_.push_back({failing.parameter, failing.rename.empty() ? "null" : json::quoted(failing.rename)});
      } else {
        return std::nullopt;  // not ours to drop
      }
      attempt.verdict = Verdict::adjust;
      return begin_attempt();
    }
    case Step::wait_once: return retry(failing.retry_after, waits_, 1);
    case Step::retry_transient: return retry(failing.retry_after, transient_, chain_->route.transient_retries);
    case Step::retry_timeout: return chain_->route.retry_on_timeout ? retry(std::nullopt, timeouts_, chain_->route.transient_retries) : std::nullopt;
  }
  return std::nullopt;
}

/// Another try of the same after the time that was told, or one backoff step; not when that doesn't fit.
Machine::Maybe Machine::retry(std::optional<Millis> told, int& used, int bound) {
  if (used >= bound) return std::nullopt;
  const std::int64_t step = std::min<std::int64_t>(chain_->route.backoff.count() << std::min(used, 10), longest_backoff.count());
  const double spread = world_.random.uniform();
  // Told times are kept, with a little more so that many callers don't come back at once; own ones are spread over their upper half.
  const auto wait = told ? Millis(told->count() + static_cast<std::int64_t>(static_cast<double>(std::min<std::int64_t>(told->count(), 2000)) * 0.05 * spread))
                         : Millis(step / 2 + static_cast<std::int64_t>(static_cast<double>(step) * 0.5 * spread));
  if (told && *told > chain_->route.retry_after_max) return std::nullopt;
  if (world_.clock.mono() + wait >= share_end_) return std::nullopt;
  ++used;
  trace_.attempts.back().verdict = Verdict::retry_same;
  doing_ = Doing::waiting_to_retry;
  return wait_for(wait);
}

Action Machine::wait_for(Millis span) { return action::Wait{world_.clock.mono() + span}; }

Action Machine::on_wait_over() {
  const Doing was = doing_;
  doing_ = Doing::nothing;
  if (was == Doing::waiting_for_probe && !trace_.attempts.empty()) return look_again();
  if (was == Doing::waiting_for_probe) {
    trace_.skipped.clear();
    left_.clear();
    first_.reset();
    first_reason_.reset();
    last_reason_.reset();
    return start();
  }
  if (!keyless_) {  // somebody may have renewed the secret meanwhile
    const auto fresh = world_.credentials.lookup(target().provider, credential_, credentials::Read::cached);
    if (fresh.availability == credentials::Availability::ready || fresh.availability == credentials::Availability::advisory) lookup_ = fresh;
  }
  return begin_attempt();
}

Action Machine::on_refresh(const credentials::RefreshResult& result) {
  using credentials::Availability;
  const Doing was = doing_;
  doing_ = Doing::nothing;
  const auto fresh = world_.credentials.lookup(target().provider, credential_, credentials::Read::cached);
  const bool usable = fresh.availability == Availability::ready || fresh.availability == Availability::advisory;
  if (was == Doing::refreshing) {
    Attempt& attempt = trace_.attempts.back();
    attempt.refresh = result.outcome;
    attempt.refresh_message = scrub(result.message);
    if (result.outcome == RefreshOutcome::refreshed && usable) {
      lookup_ = fresh;
      attempt.verdict = Verdict::refresh;
      return begin_attempt();
    }
    if (result.outcome != RefreshOutcome::refreshed) {
      place_refresh_hold(result, end_.failing->reason);
      end_.failing->scope = Scope::none;
    }
    return after_failure();
  }
  // Before the first use: success is no attempt.
  const bool renewed = result.outcome == RefreshOutcome::refreshed && usable;
  const bool still_good = result.outcome == RefreshOutcome::unchanged && fresh.snapshot && !fresh.snapshot->fields.empty();
  if (renewed || still_good) {
    lookup_ = fresh;
    return begin_attempt();
  }
  if (forced_) left_.clear();  // the token endpoint was asked: that was the try
  if (!attempted_here_) note_reason(Reason::auth_rejected);
  place_refresh_hold(result, Reason::auth_rejected);
  if (held_why_.empty()) held_why_ = "held: auth_rejected, refresh " + std::string(credentials::to_string(result.outcome)) + (result.message.empty() ? "" : ": " + result.message);
  if (auto action = pick_credential()) return *action;
  return attempted_here_ ? leave() : next_target();
}

Action Machine::succeed(const AttemptEnd& end) {
  (void)end;
  Attempt& attempt = trace_.attempts.back();
  attempt.verdict = Verdict::done;
  const bool nothing_held = world_.holds.none();
  for (const Scope scope : {Scope::plugin, Scope::endpoint, Scope::target, Scope::credential, Scope::credential_model}) {
    if (nothing_held) break;
    const auto key = key_for(scope);
    if (key && world_.holds.find(*key)) world_.holds.clear(*key);
  }
  probes_.clear();
  std::vector<Adjusted> worked;
  for (const Adjusted& adjusted : adjusted_) {
    if (is_size(adjusted)) continue;
    if (adjusted_names_.contains(adjusted.parameter) || adjusted_names_.contains(adjusted.to.substr(1, adjusted.to.size() - 2))) worked.push_back(adjusted);
  }
  if (!worked.empty()) world_.learned.remember(target().origin, target().model, worked);
  trace_.served_by = ServedBy{target().provider, target().model, credential_};
  return finish(Outcome::ok, std::nullopt);
}

/// The target is done with: hold what the failure speaks of, then what the last column says.
Action Machine::leave() {
  place_hold();
  const Reason reason = end_.failing->reason;
  switch (then_of(chain_->route, reason)) {
    case Then::give_up: return finish(is_request_reason(reason) ? Outcome::refused : Outcome::failed, is_request_reason(reason) ? reason : first_reason_.value_or(reason));
    case Then::larger_context: {
      context_above_ = std::max(context_above_.value_or(0), target().facts.context.value_or(0));
      bool larger = false;
      for (std::size_t i = at_ + 1; i < chain_->targets.size(); ++i) {
        const Target& later = chain_->targets[i];
        larger = larger || (later.facts.context && *later.facts.context > *context_above_ && not_allowed(chain_->route, later).empty());
      }
      if (!larger) return finish(Outcome::refused, reason);
      return next_target();
    }
    case Then::next_target: return next_target();
  }
  return next_target();
}

// ---------------------------------------------------------------------------------------------------------------------------- ends

Action Machine::cut(Reason reason, Outcome outcome, const std::optional<AttemptEnd>& in_flight) {
  if (!trace_.attempts.empty()) {
    Attempt& attempt = trace_.attempts.back();
    if (doing_ == Doing::attempt) {
      attempt.reason = reason;
      attempt.message = reason == Reason::cancelled ? "cancelled by the caller" : "the call's deadline passed";
      attempt.duration_ms = ms_between(began_, world_.clock.mono());
      if (in_flight) attempt.status = in_flight->status;
    }
    if (doing_ == Doing::refreshing) attempt.refresh = RefreshOutcome::failed_transient;
  }
  doing_ = Doing::nothing;
  return finish(outcome, reason);
}

Action Machine::finish(Outcome outcome, std::optional<Reason> reason) {
  release_probes();
  trace_.outcome = outcome;
  trace_.reason = reason;
  trace_.left = outcome == Outcome::ok ? left_so_far() : first_reason_;
  trace_.duration_ms = ms_between(arrival_, world_.clock.mono());
  if (outcome == Outcome::failed) trace_.retry_after_ms = earliest_retry();
  if (outcome != Outcome::ok && !trace_.attempts.empty()) trace_.attempts.back().verdict = Verdict::give_up;
  settled_ = trace_.attempts.size();
  return action::Finish{};
}

}  // namespace belay::fallback
