// The status of a call that was not answered.
#include "http_status.hpp"

#include <gtest/gtest.h>

namespace belay::gateway {
namespace {

using fallback::Attempt;
using fallback::Outcome;
using fallback::Reason;
using fallback::Trace;

Attempt attempt(std::string provider, Reason reason, int status = 0) {
  Attempt out;
  out.provider = std::move(provider);
  out.model = "m";
  out.reason = reason;
  out.status = status;
  return out;
}

Trace failed(std::vector<Attempt> attempts, std::vector<fallback::Skipped> skipped = {}) {
  Trace out;
  out.outcome = Outcome::failed;
  out.attempts = std::move(attempts);
  out.skipped = std::move(skipped);
  return out;
}

TEST(HttpStatus, RateLimitedEverywhereIs429) {
  EXPECT_EQ(http_status(failed({attempt("p", Reason::rate_limited), attempt("c", Reason::rate_limited)})), 429);
  EXPECT_EQ(http_status(failed({attempt("p", Reason::rate_limited)}, {{"c/m", "held: rate_limited, 12 s left"}})), 429);
  EXPECT_EQ(http_status(failed({}, {{"c/m", "held: rate_limited, 12 s left"}})), 429);
}

TEST(HttpStatus, WhatPolicyLeavesOutDoesNotCount) {
  for (const char* why : {"allow_cost: metered", "allow_zones: us", "requires: vision", "min_context: 8000", "context: 8000", "on: capacity", "credential_missing: env:X"}) {
    EXPECT_EQ(http_status(failed({attempt("p", Reason::rate_limited)}, {{"c/m", why}})), 429) << why;
    EXPECT_EQ(http_status(failed({}, {{"c/m", why}})), 503) << why << ", and nobody is rate-limited";
  }
}

TEST(HttpStatus, OneThatFailedOtherwiseMakesIt503) {
  EXPECT_EQ(http_status(failed({attempt("p", Reason::rate_limited), attempt("c", Reason::server_error)})), 503);
  EXPECT_EQ(http_status(failed({attempt("p", Reason::quota_exhausted)})), 503);
  EXPECT_EQ(http_status(failed({attempt("p", Reason::rate_limited)}, {{"c/m", "held: quota_exhausted, 9 min left"}})), 503);
  EXPECT_EQ(http_status(failed({})), 503);
}

TEST(HttpStatus, OfATargetItsLastAttemptCounts) {
  EXPECT_EQ(http_status(failed({attempt("p", Reason::server_error), attempt("p", Reason::rate_limited)})), 429);
  EXPECT_EQ(http_status(failed({attempt("p", Reason::rate_limited), attempt("p", Reason::server_error)})), 503);
}

TEST(HttpStatus, ARefusalSaysWhatIsWrong) {
  const auto refused = [](Reason reason, std::vector<Attempt> attempts) {
    Trace out = failed(std::move(attempts));
    out.outcome = Outcome::refused;
    out.reason = reason;
    return http_status(out);
  };
  EXPECT_EQ(refused(Reason::bad_request, {attempt("p", Reason::bad_request, 400)}), 400);
  EXPECT_EQ(refused(Reason::bad_request, {attempt("p", Reason::bad_request, 422)}), 422);
  EXPECT_EQ(refused(Reason::request_too_large, {attempt("p", Reason::request_too_large, 413)}), 413);
  EXPECT_EQ(refused(Reason::context_too_long, {attempt("p", Reason::context_too_long, 400)}), 400);
  EXPECT_EQ(refused(Reason::content_refused, {attempt("p", Reason::content_refused, 451)}), 400);
  EXPECT_EQ(refused(Reason::model_unavailable, {}), 404);
}

TEST(HttpStatus, TheDeadlineIs504) {
  Trace trace = failed({attempt("p", Reason::rate_limited)});
  trace.outcome = Outcome::deadline;
  EXPECT_EQ(http_status(trace), 504);
}

TEST(HttpStatus, RetryAfterIsInWholeSecondsAndNeverZero) {
  Trace trace;
  EXPECT_FALSE(retry_after_s(trace));
  trace.retry_after_ms = 0;
  EXPECT_EQ(retry_after_s(trace), 1);
  trace.retry_after_ms = 1001;
  EXPECT_EQ(retry_after_s(trace), 2);
}

}  // namespace
}  // namespace belay::gateway
