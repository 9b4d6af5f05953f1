#include "world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace belay::fallback::test {

Scripted answer() { return {}; }
Scripted fails(Reason reason, int status) { return {.failing = failing(reason, std::string(to_string(reason))), .status = status}; }
Scripted fails_told(Reason reason, Millis retry_after, int status) {
  Scripted out = fails(reason, status);
  out.failing->retry_after = retry_after;
  return out;
}

std::vector<std::string> FakeCredentials::ids(const std::string& provider) {
  std::vector<std::string> out;
  for (const auto& credential : pools[provider]) out.push_back(credential.id);
  return out;
}

FakeCredential& FakeCredentials::at(const std::string& provider, const std::string& id) {
  for (auto& credential : pools[provider]) {
    if (credential.id == id) return credential;
  }
  throw std::out_of_range(provider + "#" + id);
}

credentials::Lookup FakeCredentials::lookup(const std::string& provider, const std::string& id, credentials::Read read) {
  FakeCredential& credential = at(provider, id);
  if (read == credentials::Read::fresh && credential.fresh_generation > credential.generation) credential.generation = credential.fresh_generation;
  credentials::Lookup out;
  out.availability = credential.availability;
  out.identity = credential.identity.empty() ? provider + "#" + id : credential.identity;
  out.why = credential.why;
  if (credential.availability == credentials::Availability::missing) return out;
  auto snapshot = std::make_shared<credentials::Snapshot>();
  snapshot->provider = provider;
  snapshot->id = id;
  snapshot->generation = credential.generation;
  snapshot->identity = out.identity;
  snapshot->fields.push_back({"secret", Secret("test-value-of-" + id), true});
  out.snapshot = std::move(snapshot);
  return out;
}

World::World() : state(*state::open("memory:")) { set_holds({}); }

void World::set_holds(HoldSettings settings) {
  holds = std::make_unique<HoldBook>(*state, clock, settings);
  learned = std::make_unique<Learned>(*state);
}

std::vector<std::string> World::Walked::reasons() const {
  std::vector<std::string> out;
  for (const auto& attempt : trace.attempts) out.emplace_back(attempt.reason ? to_string(*attempt.reason) : "-");
  return out;
}
std::vector<std::string> World::Walked::verdicts() const {
  std::vector<std::string> out;
  for (const auto& attempt : trace.attempts) out.emplace_back(to_string(attempt.verdict));
  return out;
}
std::map<std::string, std::string> World::Walked::skipped() const {
  std::map<std::string, std::string> out;
  for (const auto& skipped : trace.skipped) out[skipped.target] = skipped.why;
  return out;
}

World::Walked World::walk(const Chain& chain, Millis deadline) {
  Walked out;
  const auto members = json::index_object(body);
  Machine machine(view(), std::make_shared<const Chain>(chain), *members, "01TEST" + std::to_string(clock.unix_ms()), clock.mono(), deadline);
  Action next = machine.start();
  for (int step = 0; step < 1000; ++step) {
    if (std::holds_alternative<action::Finish>(next)) {
      out.trace = machine.trace();
      return out;
    }
    if (const auto* attempt = std::get_if<action::Attempt>(&next)) {
      const std::string& provider = attempt->target->provider;
      std::string label = provider;
      if (attempt->credential && credentials.pools[provider].size() > 1) label += "#" + attempt->credential->id;
      out.requests.push_back(label + (attempt->credential && attempt->credential->generation != 1 ? "'" : ""));
      out.adjusted.push_back(attempt->adjusted);
      auto& script = replies[label];
      EXPECT_FALSE(script.empty()) << "an unscripted request to " << label;
      Scripted reply = script.empty() ? answer() : script.front();
      if (!script.empty()) script.pop_front();
      const MonoTime until = clock.mono() + reply.takes;
      if (until >= machine.deadline() && (reply.committed || attempt->limit >= machine.deadline())) {
        clock.advance(std::chrono::duration_cast<Millis>(machine.deadline() - clock.mono()));
        next = machine.on_deadline(AttemptEnd{});
        continue;
      }
      if (!reply.committed && until >= attempt->limit) {
        reply.takes = std::chrono::duration_cast<Millis>(attempt->limit - clock.mono());
        reply.failing = failing(Reason::timed_out, "no answer");
        reply.status = 0;
      }
      clock.advance(reply.takes);
      next = machine.on_attempt({.failing = reply.failing, .status = reply.status, .committed = reply.committed});
    } else if (const auto* wait = std::get_if<action::Wait>(&next)) {
      const Millis span = std::chrono::ceil<Millis>(wait->until - clock.mono());
      out.waits.push_back(span);
      clock.advance(span);
      next = clock.mono() >= machine.deadline() ? machine.on_deadline(std::nullopt) : machine.on_wait_over();
    } else if (const auto* refresh = std::get_if<action::Refresh>(&next)) {
      const std::string who = refresh->target->provider + "#" + refresh->credential;
      out.refreshed.push_back(who);
      auto& script = refreshes[who];
      EXPECT_FALSE(script.empty()) << "an unscripted refresh of " << who;
      credentials::RefreshResult result;
      if (!script.empty()) {
        result = script.front();
        script.pop_front();
      }
      auto& credential = credentials.at(refresh->target->provider, refresh->credential);
      if (result.outcome == RefreshOutcome::refreshed) {
        ++credential.generation;
        credential.availability = credentials::Availability::ready;
      }
      result.generation = credential.generation;
      next = machine.on_refresh(result);
    } else if (const auto* load = std::get_if<action::Load>(&next)) {
      credentials.at(load->target->provider, load->credential).availability = credentials::Availability::ready;
      next = machine.on_loaded(credentials.lookup(load->target->provider, load->credential, load->read));
    }
  }
  ADD_FAILURE() << "the machine does not end";
  return out;
}

Chain chain(const std::vector<std::string>& providers) {
  Chain out;
  out.route.name = "r";
  for (const auto& provider : providers) {
    Target target;
    target.provider = provider;
    target.model = "m";
    target.plugin = "openai";
    target.origin = "https://" + provider + ".example";
    out.targets.push_back(std::move(target));
  }
  return out;
}

}  // namespace belay::fallback::test
