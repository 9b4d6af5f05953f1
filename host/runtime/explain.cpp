#include "explain.hpp"

#include <algorithm>

#include "fallback/policy.hpp"

namespace belay::runtime {
namespace {

using credentials::Availability;
using fallback::Chain;
using fallback::Hold;
using fallback::HoldKey;
using fallback::Target;
using fallback::Then;

std::string held(const Hold& hold, UnixMs now) {
  std::string text = "held: " + std::string(to_string(hold.reason));
  if (hold.until_secret) return text + ", until its secret changes" + (hold.message.empty() ? "" : ": " + hold.message);
  return text + (hold.until > now ? ", " + format_duration(Millis(hold.until - now)) + " left" : ", its probe is due");
}

/// A hold that keeps a call away; one whose probe is due lets it through.
std::optional<std::string> keeps_away(Engine& engine, const HoldKey& key, std::uint64_t generation = 0) {
  const UnixMs now = engine.clock.unix_ms();
  const auto hold = engine.holds->find(key);
  if (!hold || hold->ended_by(generation) || fallback::HoldBook::gate(*hold, now) != fallback::Gate::held) return std::nullopt;
  return held(*hold, now);
}

std::string_view word(Availability availability) {
  switch (availability) {
    case Availability::ready: return "ready";
    case Availability::advisory: return "ready, to be refreshed soon";
    case Availability::refresh: return "to be refreshed before use";
    case Availability::missing: return "missing";
    case Availability::blocking: return "a command gives it";
  }
  return "";
}

/// Fills in the credentials; why none of them can be used, or empty.
std::string pool_state(Engine& engine, const Target& target, ExplainedTarget& out, std::size_t& usable) {
  std::string first_why;
  bool any_held = false;
  for (const auto& id : engine.pools->ids(target.provider)) {
    const auto lookup = engine.store->lookup(target.provider, id, credentials::Read::fresh);
    std::string state(word(lookup.availability));
    std::string why;
    if (lookup.availability == Availability::missing) {
      why = "credential_missing: " + lookup.why;
      state += ": " + lookup.why;
    } else if (!lookup.identity.empty()) {
      auto hold = keeps_away(engine, fallback::credential_key(target.provider, id, lookup.identity, target.origin));
      if (!hold) hold = keeps_away(engine, fallback::credential_model_key(target.provider, id, lookup.identity, target.origin, target.model));
      if (hold) {
        any_held = true;
        why = *hold;
        state = *hold;
      }
    }
    out.credentials.push_back(id + ": " + state);
    if (why.empty()) ++usable;
    else if (first_why.empty() || (any_held && !first_why.starts_with("held"))) first_why = why;
  }
  return usable > 0 || out.credentials.empty() ? std::string() : first_why;
}

ExplainedTarget explain_target(Engine& engine, const Chain& chain, const Target& target) {
  ExplainedTarget out;
  out.target = target.name();
  out.plugin = target.plugin;
  out.cost = target.cost;
  out.zone = target.zone;
  if (target.on) {
    for (const auto& row : fallback::policy()) {
      if (target.on->test(static_cast<std::size_t>(row.reason))) out.on += (out.on.empty() ? "" : ", ") + std::string(to_string(row.reason));
    }
    if (target.on->all()) out.on = "any";
  }
  for (const auto& status : engine.store->status()) {
    if (status.provider != target.provider) continue;
    for (const auto& origin : status.origins) {
      if (std::find(out.origins.begin(), out.origins.end(), origin) == out.origins.end()) out.origins.push_back(origin);
    }
  }
  if (const auto note = engine.registry->note_of(target.plugin); note && !engine.store->keyless(target.provider)) {
    for (const auto& origin : note->origins) {
      if (std::find(out.origins.begin(), out.origins.end(), origin) == out.origins.end()) out.origins.push_back(origin);
    }
  }
  std::size_t usable = 0;
  std::string why = fallback::not_allowed(chain.route, target);
  std::string pool = pool_state(engine, target, out, usable);
  if (why.empty() && !target.unavailable.empty()) why = "plugin: " + target.unavailable;
  for (const HoldKey& key : {fallback::plugin_key(target.plugin), fallback::endpoint_key(target.origin, target.provider), fallback::target_key(target.provider, target.model)}) {
    if (!why.empty() || (key.scope == fallback::Scope::endpoint && target.origin.empty())) continue;
    if (auto hold = keeps_away(engine, key, target.generation(key.scope))) why = key.scope == fallback::Scope::plugin ? "plugin: " + *hold : *hold;
  }
  if (why.empty()) why = std::move(pool);
  out.included = why.empty();
  out.state = out.included ? "in" : why;
  const bool keyless = engine.store->keyless(target.provider);
  if (out.included) out.requests = most_requests(chain.route, keyless ? 1 : usable, keyless ? 0 : usable);
  return out;
}

std::string then_words(const Chain& chain, const std::vector<ExplainedTarget>& targets, const fallback::Row& row) {
  const Then then = fallback::then_of(chain.route, row.reason);
  if (then == Then::give_up) return "give_up";
  for (std::size_t i = 1; i < chain.targets.size(); ++i) {
    const Target& later = chain.targets[i];
    if (!targets[i].included) continue;
    if (later.on && !later.on->test(static_cast<std::size_t>(row.reason))) continue;
    if (then == Then::larger_context && (!later.facts.context || *later.facts.context <= chain.targets.front().facts.context.value_or(0))) continue;
    return "next_target: " + later.name();
  }
  return "give_up: no target is left for it";
}

}  // namespace

/// The first request of each credential, and behind it what each row's counter allows.
int most_requests(const fallback::RouteSettings& route, std::size_t credentials, std::size_t refreshable) {
  const int per_credential = 1 + 1 /* wait_once */ + route.transient_retries + (route.retry_on_timeout ? route.transient_retries : 0);
  return static_cast<int>(credentials) * per_credential + static_cast<int>(refreshable) + 1 /* adjust_size */ + fallback::max_adjustments;
}

Explanation explain(Engine& engine, const Chain& chain) {
  Explanation out;
  out.route = chain.route.name;
  out.direct = chain.direct;
  out.deadline = chain.route.deadline;
  for (const Target& target : chain.targets) {
    out.targets.push_back(explain_target(engine, chain, target));
    out.requests += out.targets.back().requests;
  }
  for (const auto& row : fallback::policy()) {
    std::string hold = row.hold == fallback::HoldKind::none
                           ? "-"
                           : std::string(to_string(row.scope)) + ", " + format_duration(fallback::hold_time(engine.settings.holds, row.hold));
    out.reasons.push_back({row.reason, fallback::describe(row, chain.route), then_words(chain, out.targets, row), std::move(hold)});
  }
  return out;
}

}  // namespace belay::runtime
