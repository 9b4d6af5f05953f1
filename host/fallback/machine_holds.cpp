// What the machine does with holds: whether one stands in the way, what a failure leaves behind, when a call could work again.
#include <algorithm>

#include "base/secret.hpp"
#include "fallback/machine.hpp"

namespace belay::fallback {
namespace {

std::string held_text(Reason reason, const Hold* hold, UnixMs now) {
  std::string why = "held: " + std::string(to_string(reason));
  if (hold == nullptr) return why;
  if (hold->until_secret) return why + ", until its secret changes" + (hold->message.empty() ? "" : ": " + hold->message);
  return why + ", " + format_duration(Millis(hold->until - now)) + " left";
}

}  // namespace

/// True when no hold of that key stands in the way. A hold that ran out lets one call through, which then is its prober.
bool Machine::passes(const HoldKey& key, std::uint64_t generation, std::string& why) {
  const auto hold = world_.holds.find(key);
  if (!hold) return true;
  if (hold->ended_by(generation)) {
    world_.holds.clear(key);
    return true;
  }
  const UnixMs now = world_.clock.unix_ms();
  if (forced_ && !hold->until_secret) {
    if (world_.holds.begin_probe(key, trace_.id, chain_->route.attempt_timeout)) probes_.push_back(key);
    return true;
  }
  if (HoldBook::gate(*hold, now) == Gate::held) {
    why = held_text(hold->reason, &*hold, now);
    return false;
  }
  const auto left = std::chrono::duration_cast<Millis>(deadline_ - world_.clock.mono());
  if (world_.holds.begin_probe(key, trace_.id, std::min(left, chain_->route.attempt_timeout) + Millis(1000))) {
    probes_.push_back(key);
    return true;
  }
  why = held_text(hold->reason, nullptr, now) + ", another call is probing";
  return false;
}

/// Remembers why this credential is passed over; of a pool whose every credential is held, the hold that ends first counts.
void Machine::note_held(const HoldKey& key, std::string why) {
  if (held_why_.empty()) held_why_ = std::move(why);
  const auto hold = world_.holds.find(key);
  if (!hold) return;
  if (!attempted_here_) note_reason(hold->reason);  // a key that is passed over is no later failure than the attempt with another one
  const auto worse = [](const Left& left) { return std::pair(left.until_secret, left.until); };
  Left left{at_, hold->until, hold->until_secret, !hold->until_secret && hold->until <= world_.clock.unix_ms(), credential_};
  if (!held_ || worse(left) < worse(*held_)) held_ = std::move(left);
}

std::optional<HoldKey> Machine::key_for(Scope scope) const {
  const Target& target = chain_->targets[at_];
  switch (scope) {
    case Scope::none: return std::nullopt;
    case Scope::plugin: return plugin_key(target.plugin);
    case Scope::target: return target_key(target.provider, target.model);
    case Scope::endpoint: return target.origin.empty() ? std::nullopt : std::optional(endpoint_key(target.origin, target.provider));
    case Scope::credential:
      // A keyless provider has no credential to hold; its target stands for it.
      return keyless_ ? target_key(target.provider, target.model) : credential_key(target.provider, credential_, lookup_.identity, target.origin);
    case Scope::credential_model: return credential_model_key(target.provider, credential_, lookup_.identity, target.origin, target.model);
  }
  return std::nullopt;
}

void Machine::place_hold() {
  const Failing& failing = *end_.failing;
  const auto key = key_for(failing.scope);
  if (!key) return;
  Attempt& attempt = trace_.attempts.back();
  Placing placing{.key = *key, .reason = failing.reason, .told = std::nullopt, .at_most = std::nullopt, .until_secret = false, .generation = failing.scope == Scope::plugin ? target().build : attempt.generation, .message = attempt.message, .attempt_began = began_unix_};
  if (failing.reason != Reason::auth_rejected) placing.told = failing.retry_after;
  const Millis lasts = world_.holds.place(placing);
  if (lasts.count() != 0) attempt.hold_ms = lasts.count();
  std::erase_if(probes_, [&](const HoldKey& probe) { return probe.key == key->key; });
}

/// A refresh that failed says more about the credential than the 401 that led to it.
void Machine::place_refresh_hold(const credentials::RefreshResult& result, Reason reason) {
  const auto key = key_for(Scope::credential);
  if (!key) return;
  Placing placing{.key = *key, .reason = reason, .told = std::nullopt, .at_most = std::nullopt, .until_secret = result.until_secret_changes, .generation = std::max(result.generation, lookup_.snapshot ? lookup_.snapshot->generation : 0), .message = scrub(result.message), .attempt_began = began_unix_};
  if (result.outcome == RefreshOutcome::failed_transient) {
    placing.at_most = Millis(10'000);  // the login may be fine again in moments; doubles while it is not
    placing.told = result.retry_after;
  }
  const Millis lasts = world_.holds.place(placing);
  if (lasts.count() != 0 && attempted_here_ && trace_.attempts.back().credential == credential_) trace_.attempts.back().hold_ms = lasts.count();
  std::erase_if(probes_, [&](const HoldKey& probe) { return probe.key == key->key; });
}

void Machine::release_probes() {
  for (const HoldKey& key : probes_) world_.holds.end_probe(key, trace_.id);
  probes_.clear();
}

/// The earliest moment at which any allowed target may work again.
std::optional<std::int64_t> Machine::earliest_retry() {
  std::optional<std::int64_t> earliest;
  const UnixMs now = world_.clock.unix_ms();
  for (const Target& target : chain_->targets) {
    if (!not_allowed(chain_->route, target).empty() || !target.unavailable.empty()) continue;
    UnixMs until = 0;
    bool never = false;
    const auto count = [&](const HoldKey& key, UnixMs& to) {
      const auto hold = world_.holds.find(key);
      if (!hold || hold->ended_by(target.generation(key.scope))) return true;
      if (hold->until_secret) return false;
      to = std::max(to, hold->until);
      return true;
    };
    for (const HoldKey& key : {plugin_key(target.plugin), endpoint_key(target.origin, target.provider), target_key(target.provider, target.model)}) never = !count(key, until) || never;
    const bool keyless = world_.credentials.keyless(target.provider);
    std::optional<UnixMs> best;
    for (const auto& id : keyless ? std::vector<std::string>{""} : world_.credentials.ids(target.provider)) {
      const auto lookup = keyless ? credentials::Lookup{credentials::Availability::ready, nullptr, "keyless", {}} : world_.credentials.lookup(target.provider, id, credentials::Read::cached);
      if (lookup.availability == credentials::Availability::missing || lookup.availability == credentials::Availability::blocking) continue;
      UnixMs own = 0;
      const bool usable = count(credential_key(target.provider, id, lookup.identity, target.origin), own) &&
                          count(credential_model_key(target.provider, id, lookup.identity, target.origin, target.model), own);
      if (usable) best = std::min(best.value_or(own), own);
    }
    if (never || !best) continue;
    until = std::max(until, *best);
    if (until <= now) return std::nullopt;  // nothing stands in its way: there is no time to name
    earliest = std::min(earliest.value_or(until - now), until - now);
  }
  return earliest;
}

}  // namespace belay::fallback
