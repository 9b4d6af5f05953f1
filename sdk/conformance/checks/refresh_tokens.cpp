// AUTH-01, -02, -05, -07: what a refresh that works emits, and who uses it afterwards.
#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

#include "checks/refresh.hpp"

namespace belay::conform {
namespace {

constexpr std::int64_t clock_slack_ms = 300'000;   // plugins may let a token end a little early

bool field_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

void require_expiry(const Trial& trial, const Refreshed& got) {
  if (!trial.login.tape.refresh->expires_in_ms) return;
  const std::int64_t wanted = trial.plugin.host.unix_ms + *trial.login.tape.refresh->expires_in_ms;
  if (std::llabs(got.out.expires_unix_ms - wanted) <= clock_slack_ms) return;
  trial.test.fail("expires_unix_ms is the host's clock plus what the reply says, " + std::to_string(wanted),
                  trial.login.name + ": expires_unix_ms " + std::to_string(got.out.expires_unix_ms) + " at clock " + std::to_string(trial.plugin.host.unix_ms));
}

void require_emitted(const Trial& trial, const Refreshed& got) {
  for (const CassetteField& field : got.emitted) {
    trial.test.require(field_name(field.name), "names of emitted fields are lower case letters, digits and underscores", "a field named \"" + field.name + "\"");
    trial.test.require(!field.value.empty(), "an emitted field has a value", "an empty " + field.name);
  }
  for (const auto& [name, value] : trial.login.tape.refresh->emits) {
    const auto came = emitted(got, name);
    if (came == value) continue;
    trial.test.fail("the field \"" + name + "\" is emitted with the value that the token endpoint gave",
                    trial.login.name + ": " + (came.empty() ? "it was not emitted; " : "it has another value; ") + told(got));
  }
}

/// Recorded exchanges were recorded for a reason: as many, and each to the same place.
void require_requests(const Trial& trial) {
  const auto& wanted = trial.login.tape.refresh->exchanges;
  const auto& seen = trial.endpoint.seen();
  if (seen.size() != wanted.size()) {
    trial.test.fail("the refresh makes " + std::to_string(wanted.size()) + " request(s) through belay.http/1",
                    trial.login.name + ": it made " + std::to_string(seen.size()));
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const bool same = (wanted[i].method.empty() || wanted[i].method == seen[i].method) && (wanted[i].url.empty() || wanted[i].url == seen[i].url);
    if (!same) trial.test.fail(wanted[i].method + " " + wanted[i].url, trial.login.name + ": " + seen[i].method + " " + seen[i].url);
  }
}

void require_renewed(Trial& trial, std::string_view after) {
  const Refreshed got = trial.run();
  require_outcome(trial, got, BELAY_REFRESHED, after);
  require_emitted(trial, got);
  require_requests(trial);
  require_expiry(trial, got);
}

/// RFC 6749 section 6: no refresh_token in the reply, the old one stays.
void require_old_token_kept(Trial& trial) {
  trial.endpoint.answer(0, token_reply(trial.tokens.access(2), {}, std::to_string(lifetime_s)));
  const Refreshed got = trial.run();
  require_outcome(trial, got, BELAY_REFRESHED, "a reply without a refresh_token");
  trial.test.require(emitted(got, "secret") == trial.tokens.access(2), "the new access token is emitted as \"secret\"", told(got));
  const bool left = std::none_of(got.emitted.begin(), got.emitted.end(), [&](const CassetteField& field) {
    return field.name == "refresh_token" && field.value != trial.tokens.refresh(1);
  });
  trial.test.require(left, "the old refresh token stays when the reply has none", "another or an empty refresh_token was emitted");
}

/// A token is any printable ASCII (RFC 6749 appendix A.17), and a form escapes most of it.
void require_escaping(Case& test, Subject& plugin) {
  const Tokens tokens(test.random(), "+/=&%2B~");
  Trial trial(test, plugin, generic_login(plugin, tokens), tokens);
  const Refreshed got = trial.run();
  const std::string sent = trial.endpoint.seen().empty() ? std::string("nothing") : form_value(trial.endpoint.seen().front().body, "refresh_token");
  if (sent == tokens.refresh(1)) return require_outcome(trial, got, BELAY_REFRESHED, "a refresh with a token that needs escaping");
  test.fail("a refresh token with + / = & % in it arrives as it is (application/x-www-form-urlencoded escapes them)", trial.login.name + ": the token endpoint read another one");
}

}  // namespace

void auth_01(Case& test) {
  bool generic = false;
  each_login(test, [&](Trial& trial) {
    require_renewed(trial, "a good reply of the token endpoint");
    if (!trial.login.generic) return;
    generic = true;
    require_old_token_kept(trial);
  });
  if (generic) require_escaping(test, test.plugin());
}

// -------------------------------------------------------------------------------------------------------------------------------------------- AUTH-02

namespace {

std::string text_of(const SentRequest& sent) {
  std::string text = sent.method + " " + sent.url + "\n";
  for (const CassetteField& header : sent.headers) text += header.name + ": " + header.value + "\n";
  return text + "\n" + sent.body;
}

std::string sent_with(Trial& trial, belay_instance* instance, const Cassette& credential) {
  const Played played = play(trial.plugin, instance, exchange_with(trial.test, trial.plugin, credential));
  if (played.begin != BELAY_OK || played.build != BELAY_OK)
    trial.test.fail("an exchange can be begun with this credential", trial.login.name + ": status " + std::to_string(std::min(played.begin, played.build)) + ", " + played.error);
  return text_of(played.sent);
}

}  // namespace

void auth_02(Case& test) {
  each_login(test, [&](Trial& trial) {
    const Cassette& old = trial.login.tape;
    const std::string before = sent_with(trial, trial.account.get(), old);
    const Refreshed got = trial.run();
    require_outcome(trial, got, BELAY_REFRESHED, "a good reply of the token endpoint");
    const Cassette fresh = renewed(old, got);
    const std::string after = sent_with(trial, trial.account.get(), fresh);

    const auto was = field_of(old, "secret"), is = field_of(fresh, "secret");
    const bool old_there = !was.empty() && after.find(was) != std::string::npos;
    if (was != is && old_there) test.fail("an exchange begun after the refresh sends the new secret", trial.login.name + ": it sends the old one");
    // Some providers sign instead of sending the secret itself: then only a fresh instance can say what is right.
    if (was != is && before.find(was) != std::string::npos && after.find(is) == std::string::npos)
      test.fail("an exchange begun after the refresh sends the new secret", trial.login.name + ": the new secret is nowhere in the request");
    const Account untouched(test, trial.plugin, old);
    if (after != sent_with(trial, untouched.get(), fresh))
      test.fail("an instance that has seen the old credential sends what one sends that has not", trial.login.name + ": the requests differ");
  });
}

// -------------------------------------------------------------------------------------------------------------------------------------------- AUTH-05

namespace {

Cassette plain_key(const Subject& plugin, const Tokens& tokens) {
  Cassette tape = generic_login(plugin, tokens).tape;
  tape.credential_type = "api_key";
  tape.fields = {{"secret", tokens.access(1), true}};
  tape.refresh->sources = {{"source", tokens.access(1)}};
  tape.refresh->exchanges.clear();
  tape.refresh->emits.clear();
  return tape;
}

/// Fields and outcome that may come of a key whose source gives `now`.
void require_left_alone(Case& test, const Refreshed& got, std::size_t requests, std::string_view was, std::string_view now) {
  const auto outcome = outcome_of(got);
  test.require(requests == 0, "renewing a plain key makes no request", std::to_string(requests) + " request(s) were made");
  if (outcome == BELAY_UNCHANGED || outcome == BELAY_NOT_APPLICABLE) {
    test.require(got.emitted.empty(), "nothing is emitted for a key that stays as it is", told(got));
    return;
  }
  const bool adopted = outcome == BELAY_REFRESHED && was != now && got.emitted.size() == 1 && emitted(got, "secret") == now;
  if (adopted) return;
  test.fail(was == now ? "UNCHANGED or NOT_APPLICABLE for a key whose source still gives the same" : "REFRESHED with what the source gives now, or NOT_APPLICABLE", told(got));
}

}  // namespace

void auth_05(Case& test) {
  auto& plugin = test.plugin();
  if (plugin.descriptor->credential_type_count != 0) {
    bool takes_keys = false;
    for (std::uint32_t i = 0; i < plugin.descriptor->credential_type_count; ++i) {
      const belay_str& type = plugin.descriptor->credential_types[i];
      takes_keys = takes_keys || std::string_view(type.ptr, type.len) == "api_key";
    }
    if (!takes_keys) test.not_applicable("this plugin takes no api_key");
  }
  const Tokens tokens(test.random());
  Login login{"api_key", plain_key(plugin, tokens), false};
  Trial trial(test, plugin, login, tokens);
  for (const std::uint32_t cause : {BELAY_CAUSE_REJECTED, BELAY_CAUSE_FORBIDDEN, BELAY_CAUSE_EXPIRED, BELAY_CAUSE_OPERATOR}) {
    require_left_alone(test, trial.run({.cause = cause}), trial.endpoint.requests(), tokens.access(1), tokens.access(1));
  }
  plugin.host.sources["source"] = tokens.access(2);
  require_left_alone(test, trial.run(), trial.endpoint.requests(), tokens.access(1), tokens.access(2));
  plugin.host.sources = {{"another", "nothing of this"}};
  const Refreshed got = trial.run();
  test.require(trial.endpoint.requests() == 0 && got.emitted.empty(), "nothing is asked or emitted when the source yields nothing", told(got));
}

// -------------------------------------------------------------------------------------------------------------------------------------------- AUTH-07

namespace {

/// What was superseded may be neither sent nor handed back.
void require_nothing_old(const Trial& trial, const Refreshed& got, const std::set<std::string>& old) {
  for (const std::string& value : old) {
    for (const NetworkRequest& request : trial.endpoint.seen()) {
      bool sent = request.url.find(value) != std::string::npos || request.body.find(value) != std::string::npos;
      for (const auto& header : request.headers) sent = sent || header.second.find(value) != std::string::npos;
      if (sent) trial.test.fail("only what the hook was given is sent", trial.login.name + ": a token of an earlier generation was sent");
    }
    for (const CassetteField& field : got.emitted) {
      if (field.value == value) trial.test.fail("only what the token endpoint gave is emitted", trial.login.name + ": a token of an earlier generation was emitted as " + field.name);
    }
  }
}

void require_untroubled(const Trial& trial, const Refreshed& got, std::size_t most) {
  const auto outcome = outcome_of(got);
  const bool good = outcome == BELAY_REFRESHED || outcome == BELAY_UNCHANGED || outcome == BELAY_NOT_APPLICABLE;
  if (!good) trial.test.fail("REFRESHED or UNCHANGED when another process has renewed the credential already", trial.login.name + ": " + told(got));
  if (trial.endpoint.requests() > most)
    trial.test.fail("at most " + std::to_string(most) + " request(s)", trial.login.name + ": " + std::to_string(trial.endpoint.requests()) + " were made");
}

/// The hook has renewed generation 1; then another process renewed generation 2. The hook is called with generation 3, told that generation 1 failed.
void renewed_elsewhere(Trial& trial) {
  const Refreshed first = trial.run();
  require_outcome(trial, first, BELAY_REFRESHED, "a good reply of the token endpoint");
  Cassette now = trial.login.tape;
  set_field(now, "secret", trial.tokens.access(3));
  set_field(now, "refresh_token", trial.tokens.refresh(3));
  trial.plugin.host.sources["access_token"] = trial.tokens.access(3);
  trial.plugin.host.sources["refresh_token"] = trial.tokens.refresh(3);
  trial.endpoint.rotated_to(3);
  trial.endpoint.forget();
  const Refreshed got = trial.run(now);
  require_nothing_old(trial, got, {trial.tokens.access(1), trial.tokens.refresh(1), trial.tokens.access(2), trial.tokens.refresh(2)});
  require_untroubled(trial, got, 1);
}

/// A recording: the credential came renewed from the first refresh, and is renewed once more from that.
void again_as_recorded(Trial& trial) {
  const Refreshed got = trial.run();
  require_outcome(trial, got, BELAY_REFRESHED, "the recorded replies");
  const Cassette now = renewed(trial.login.tape, got);
  std::set<std::string> old;
  for (const CassetteField& field : trial.login.tape.fields) {
    if (field.secret && field.value.size() >= 6 && field_of(now, field.name) != field.value) old.insert(field.value);
  }
  trial.endpoint.forget();
  const Refreshed again = trial.run(now);
  for (const std::string& value : old) {
    for (const NetworkRequest& request : trial.endpoint.seen()) {
      if (request.body.find(value) != std::string::npos || request.url.find(value) != std::string::npos)
        trial.test.fail("only what the hook was given is sent", trial.login.name + ": a token of an earlier generation was sent");
    }
  }
  require_untroubled(trial, again, trial.endpoint.steps());
}

}  // namespace

void auth_07(Case& test) {
  each_login(test, [](Trial& trial) { trial.login.generic ? renewed_elsewhere(trial) : again_as_recorded(trial); });
}

}  // namespace belay::conform
