// AUTH-06, AUTH-09: how long a refresh takes, and what it makes of clocks and lifetimes.
#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "checks/refresh.hpp"

namespace belay::conform {
namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;
constexpr milliseconds allowed{100}, hopeless{1500};
constexpr int tries = 6;   // a loaded machine may be late once; a plugin that waits is late each time

/// How late the hook was, at its best of several tries.
milliseconds least_overrun(const std::function<milliseconds()>& once) {
  auto least = milliseconds::max();
  for (int i = 0; i < tries && least > allowed; ++i) {
    least = std::min(least, once());
    if (i > 0 && least > hopeless) break;
  }
  return least;
}

milliseconds since(SteadyTime moment) { return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - moment); }

void require_prompt(const Trial& trial, milliseconds overrun, std::string_view after) {
  if (overrun <= allowed) return;
  trial.test.fail("refresh_credentials() returns within 100 ms of " + std::string(after), trial.login.name + ": it came back " + (overrun > hopeless ? "more than 1.5 s" : "more than 100 ms") + " late, at its best of several tries");
}

/// Deadline 250 ms away.
milliseconds overrun_of_deadline(Trial& trial) {
  constexpr milliseconds deadline{250};
  const auto until = std::chrono::steady_clock::now() + deadline;
  trial.run({.deadline_ms = deadline.count()});
  return std::max(milliseconds(0), since(until));
}

/// Cancelled 50 ms after it began, by another thread, as a host does it.
milliseconds overrun_of_cancel(Trial& trial) {
  auto& host = trial.plugin.host;
  SteadyTime cancelled_at{};
  std::thread canceller([&] {
    std::this_thread::sleep_for(milliseconds(50));
    cancelled_at = std::chrono::steady_clock::now();
    host.cancelled = true;
  });
  trial.run({.deadline_ms = 15'000});
  const auto returned = std::chrono::steady_clock::now();
  canceller.join();
  host.cancelled = false;
  return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(returned - cancelled_at));
}

milliseconds overrun_when_cancelled_before(Trial& trial) {
  auto& host = trial.plugin.host;
  host.cancelled = true;
  const auto began = std::chrono::steady_clock::now();
  trial.run({.deadline_ms = 15'000});
  const auto took = since(began);
  host.cancelled = false;
  return took;
}

CassetteReply busy() {
  CassetteReply reply = json_reply(503, "");
  reply.headers.emplace_back("retry-after", "30");
  return reply;
}

void require_obedient(Trial& trial) {
  auto& host = trial.plugin.host;
  host.ticking = true;
  const auto silent = [&](const NetworkRequest&) {
    host.hang();
    return no_reply();
  };
  trial.endpoint.answer(0, silent);
  require_prompt(trial, least_overrun([&] { return overrun_of_deadline(trial); }), "its deadline, with a token endpoint that never answers");
  require_prompt(trial, least_overrun([&] { return overrun_of_cancel(trial); }), "a cancel, with a token endpoint that never answers");
  // Waiting out a Retry-After is the host's business, trying again too.
  for (std::size_t i = 0; i < 8; ++i) trial.endpoint.answer(i, busy());
  require_prompt(trial, least_overrun([&] { return overrun_of_deadline(trial); }), "its deadline, with a token endpoint that answers 503 and Retry-After: 30");
  for (std::size_t i = 0; i < 8; ++i) trial.endpoint.answer(i, no_reply());
  require_prompt(trial, least_overrun([&] { return overrun_of_cancel(trial); }), "a cancel, with a token endpoint that can't be reached");
  require_prompt(trial, least_overrun([&] { return overrun_when_cancelled_before(trial); }), "its call, when it was cancelled before");
  host.ticking = false;
}

}  // namespace

void auth_06(Case& test) { each_login(test, require_obedient); }

// -------------------------------------------------------------------------------------------------------------------------------------------- AUTH-09

namespace {

constexpr std::int64_t slack_ms = 300'000, year_ms = std::int64_t{365} * 86'400'000;

/// What may be said of a lifetime that the reply tells badly or not at all: unknown, never, or a moment that is to come and that a clock can show.
bool sensible(std::int64_t expires, std::int64_t now) { return expires == 0 || expires == -1 || (expires > now && expires < now + 1000 * year_ms); }

void require_sensible(const Trial& trial, const Refreshed& got, std::string_view after) {
  const auto outcome = outcome_of(got);
  if (outcome != BELAY_REFRESHED) {   // a reply that makes no sense may be refused
    require_failure(trial, got, after);
    return;
  }
  if (sensible(got.out.expires_unix_ms, trial.plugin.host.unix_ms)) return;
  trial.test.fail("expires_unix_ms is 0 (unknown) or a moment to come after " + std::string(after),
                  trial.login.name + ": expires_unix_ms " + std::to_string(got.out.expires_unix_ms) + " at clock " + std::to_string(trial.plugin.host.unix_ms));
}

/// Lifetimes as token endpoints have been seen to tell them.
void odd_lifetimes(Trial& trial) {
  for (const char* expires_in : {"", "null", "0", "-1", "-3600", "3599.5", "\"3600\"", "\"\"", "\"soon\"", "{}", "[3600]", "true", "1e18", "9223372036854775807",
                                 "18446744073709551616", "1e308", "1e999", "253402300800000"}) {
    const std::string after = *expires_in == '\0' ? std::string("a reply without expires_in") : std::string("expires_in ") + expires_in;
    trial.test.doing("AUTH-09: " + after);
    trial.endpoint.answer(0, token_reply(trial.tokens.access(2), trial.tokens.refresh(2), expires_in));
    const Refreshed got = trial.run();
    require_sensible(trial, got, after);
    if (*expires_in == '\0') require_outcome(trial, got, BELAY_REFRESHED, after);   // RFC 6749 5.1: recommended, no more
  }
  trial.endpoint.behave();
}

/// The host's clock, whatever year it shows and whatever the server's Date says, is what a lifetime counts from.
void skewed_clocks(Trial& trial) {
  auto& host = trial.plugin.host;
  const std::int64_t usual = host.unix_ms;
  for (const std::int64_t now : {std::int64_t{1'000'000'000'000}, usual - 3 * year_ms, usual + 3 * year_ms, std::int64_t{4'102'444'800'000}}) {
    host.unix_ms = now;
    trial.endpoint.answer(0, [&](const NetworkRequest&) {
      CassetteReply reply = token_reply(trial.tokens.access(2), trial.tokens.refresh(2), std::to_string(lifetime_s));
      reply.headers.emplace_back("date", "Tue, 15 Nov 1994 08:12:31 GMT");
      return reply;
    });
    const Refreshed got = trial.run();
    const std::string after = "a token for 3600 s at clock " + std::to_string(now) + " and a server whose clock is wrong";
    require_outcome(trial, got, BELAY_REFRESHED, after);
    const std::int64_t wanted = now + lifetime_s * 1000;
    if (std::abs(got.out.expires_unix_ms - wanted) > slack_ms)
      trial.test.fail("expires_unix_ms " + std::to_string(wanted) + " after " + after, trial.login.name + ": " + std::to_string(got.out.expires_unix_ms));
    const bool ahead = got.out.refresh_after_unix_ms == 0 || (got.out.refresh_after_unix_ms >= now - slack_ms && got.out.refresh_after_unix_ms <= wanted + slack_ms);
    if (!ahead) trial.test.fail("refresh_after_unix_ms is 0 or before the expiry", trial.login.name + ": " + std::to_string(got.out.refresh_after_unix_ms));
  }
  host.unix_ms = usual;
  trial.endpoint.behave();
}

/// The host has its reasons to call; what the credential's expiry says is none to leave it alone.
void any_expiry(Trial& trial, const std::vector<std::int64_t>& expiries) {
  for (const std::int64_t expires : expiries) {
    Trial fresh(trial.test, trial.plugin, trial.login, trial.tokens);
    const Refreshed got = fresh.run({.cause = expires == -1 || expires > fresh.plugin.host.unix_ms ? BELAY_CAUSE_REJECTED : BELAY_CAUSE_EXPIRED, .expires_unix_ms = expires});
    require_outcome(fresh, got, BELAY_REFRESHED, "a credential with expires_unix_ms " + std::to_string(expires) + " that upstream refused");
    require_sensible(fresh, got, "a good reply");
  }
}

}  // namespace

void auth_09(Case& test) {
  each_login(test, [](Trial& trial) {
    const std::int64_t now = trial.plugin.host.unix_ms;
    any_expiry(trial, {0, -1, now - 1, now - year_ms, now + 1, now + 60'000, now + 50 * year_ms});
    if (!trial.login.generic) return;
    Trial generic(trial.test, trial.plugin, trial.login, trial.tokens);
    odd_lifetimes(generic);
    skewed_clocks(generic);
  });
}

}  // namespace belay::conform
