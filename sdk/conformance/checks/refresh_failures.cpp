// AUTH-03, AUTH-04: a refresh that is refused, and one that could not be tried.
#include <array>
#include <cstdlib>
#include <string>

#include "checks/refresh.hpp"

namespace belay::conform {
namespace {

bool terminal(std::uint32_t outcome) { return outcome == BELAY_FAILED_PERMANENT || outcome == BELAY_NEEDS_INTERACTION; }

void require_terminal(const Trial& trial, const Refreshed& got, std::string_view after) {
  if (!terminal(outcome_of(got)))
    trial.test.fail("FAILED_PERMANENT or NEEDS_INTERACTION after " + std::string(after), trial.login.name + ": " + told(got));
  require_failure(trial, got, after);
}

/// RFC 6749 section 5.2: the grant, or who asks, is no good, and stays so.
void refused_by_code(Trial& trial) {
  struct Refusal {
    int status;
    const char* code;
  };
  static constexpr std::array<Refusal, 4> refusals{{{400, "invalid_grant"}, {401, "invalid_client"}, {400, "unauthorized_client"}, {400, "invalid_scope"}}};
  for (const auto& [status, code] : refusals) {
    trial.endpoint.answer(0, oauth_error(status, code));
    require_terminal(trial, trial.run(), std::to_string(status) + " " + code);
  }
  // OpenID Connect core 3.1.2.6: somebody has to come to the browser.
  for (const char* code : {"interaction_required", "login_required", "consent_required"}) {
    trial.endpoint.answer(0, oauth_error(400, code));
    require_outcome(trial, trial.run(), BELAY_NEEDS_INTERACTION, std::string("400 ") + code);
  }
  trial.endpoint.behave();
}

void refused_as_recorded(Case& test, Subject& plugin, const Cassette& tape) {
  const Tokens tokens(test.random());
  Trial trial(test, plugin, {"cassette " + tape.name, tape, false}, tokens);
  const Refreshed got = trial.run();
  require_terminal(trial, got, "the recorded refusal");
  require_outcome(trial, got, outcome_number(tape.refresh->outcome), "the recorded refusal");
}

}  // namespace

void auth_03(Case& test) {
  auto& plugin = test.plugin();
  const auto denied = plugin.cassettes_of("refresh-denied");
  for (const Cassette* tape : denied) {
    if (!tape->refresh) continue;
    test.doing("AUTH-03: cassette " + tape->name);
    refused_as_recorded(test, plugin, *tape);
  }
  bool generic = false;
  each_login(test, [&](Trial& trial) {
    if (!trial.login.generic) return;
    generic = true;
    refused_by_code(trial);
  });
  if (!generic && denied.empty()) test.skip_missing("refresh-denied");
}

// -------------------------------------------------------------------------------------------------------------------------------------------- AUTH-04

namespace {

struct Trouble {
  const char* what;
  CassetteReply reply;
  std::int64_t retry_after_ms;   ///< -1: the reply says nothing of it
};

CassetteReply with_retry_after(int status, const char* value) {
  CassetteReply reply = json_reply(status, R"({"error":"temporarily_unavailable"})");
  reply.headers.emplace_back("retry-after", value);
  return reply;
}

std::vector<Trouble> troubles() {
  CassetteReply page{.status = 502, .headers = {{"content-type", "text/html"}}, .body = "<html><body>Bad Gateway</body></html>", .truncated = false};
  CassetteReply portal = page;
  portal.status = 200;
  return {{"500 with an empty body", json_reply(500, ""), -1},
          {"502 with an HTML page", page, -1},
          {"503 with Retry-After: 17", with_retry_after(503, "17"), 17'000},
          {"503 with Retry-After: 0", with_retry_after(503, "0"), 0},
          {"504 with a senseless Retry-After", with_retry_after(504, "soon"), -1},
          {"429 with Retry-After: 5", with_retry_after(429, "5"), 5'000},
          {"200 with an HTML page (a captive portal)", portal, -1},
          {"no reply", no_reply(), -1}};
}

void require_transient(const Trial& trial, const Refreshed& got, const Trouble& trouble, std::size_t step) {
  const std::string after = std::string(trouble.what) + " at request " + std::to_string(step + 1);
  require_outcome(trial, got, BELAY_FAILED_TRANSIENT, after);
  require_failure(trial, got, after);
  // An error status has no out-struct to say it in; then the host has no wait, which is only right where there was none.
  const std::int64_t wait = got.status < 0 ? -1 : got.out.retry_after_ms;
  if (wait == trouble.retry_after_ms || (trouble.retry_after_ms <= 0 && wait <= 0 && wait >= -1)) return;
  trial.test.fail("retry_after_ms " + std::to_string(trouble.retry_after_ms) + " after " + after, trial.login.name + ": retry_after_ms " + std::to_string(wait));
}

/// The deadline passes, and the host's network says so; then the caller has enough.
void interrupted(Trial& trial) {
  auto& host = trial.plugin.host;
  trial.endpoint.answer(0, [&](const NetworkRequest&) {
    host.cancelled = true;
    return no_reply();
  });
  const Refreshed got = trial.run();
  host.cancelled = false;
  const auto outcome = outcome_of(got);
  if (outcome != BELAY_REFRESH_CANCELLED && outcome != BELAY_FAILED_TRANSIENT)
    trial.test.fail("REFRESH_CANCELLED or FAILED_TRANSIENT when cancelled during its request", trial.login.name + ": " + told(got));
  trial.test.require(got.emitted.empty(), "nothing is emitted by a cancelled refresh", told(got));

  host.ticking = true;
  trial.endpoint.answer(0, [&](const NetworkRequest&) {
    host.hang();
    return no_reply();
  });
  const Refreshed late = trial.run({.deadline_ms = 100});
  host.ticking = false;
  require_outcome(trial, late, BELAY_FAILED_TRANSIENT, "a token endpoint that does not answer before the deadline");
  trial.test.require(late.emitted.empty(), "nothing is emitted without an answer", told(late));
}

}  // namespace

void auth_04(Case& test) {
  const auto all = troubles();
  each_login(test, [&](Trial& trial) {
    for (std::size_t step = 0; step < trial.endpoint.steps(); ++step) {
      for (const Trouble& trouble : all) {
        test.doing("AUTH-04: " + trial.login.name + ", " + trouble.what);
        trial.endpoint.behave();
        trial.endpoint.answer(step, trouble.reply);
        require_transient(trial, trial.run(), trouble, step);
      }
    }
    trial.endpoint.behave();
    interrupted(trial);
  });
}

}  // namespace belay::conform
