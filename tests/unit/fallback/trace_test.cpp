// DESIGN 9: the trace's JSON, member by member.
#include "fallback/trace.hpp"

#include <gtest/gtest.h>

namespace belay::fallback {
namespace {

TEST(Trace, IsTheJsonOfTheDesign) {
  Trace trace;
  trace.id = "01J";
  trace.route = "compression";
  trace.outcome = Outcome::ok;
  trace.served_by = ServedBy{"spare", "m1", "team"};
  trace.duration_ms = 812;
  Attempt refused;
  refused.n = 1;
  refused.provider = "openrouter";
  refused.model = "g";
  refused.credential = "main";
  refused.generation = 3;
  refused.status = 401;
  refused.reason = Reason::auth_rejected;
  refused.message = "no";
  refused.refresh = RefreshOutcome::failed_permanent;
  refused.verdict = Verdict::next_target;
  refused.duration_ms = 120;
  refused.hold_ms = 600'000;
  Attempt answered;
  answered.n = 2;
  answered.provider = "spare";
  answered.model = "m1";
  answered.verdict = Verdict::done;
  answered.adjusted = {{"temperature", "null"}, {"max_tokens", "\"max_completion_tokens\""}, {"n", "512"}};
  trace.attempts = {refused, answered};
  trace.skipped = {{"x/m2", "held: quota_exhausted, 592 s left"}};

  EXPECT_EQ(to_json(trace),
            R"({"version":1,"id":"01J","route":"compression","outcome":"ok","reason":null,"served_by":{"provider":"spare","model":"m1","credential":"team"},)"
            R"("duration_ms":812,"attempts":[{"n":1,"provider":"openrouter","model":"g","credential":"main","generation":3,"status":401,"reason":"auth_rejected",)"
            R"("message":"no","refresh":"failed_permanent","verdict":"next_target","duration_ms":120,"hold_ms":600000},)"
            R"({"n":2,"provider":"spare","model":"m1","credential":null,"generation":0,"status":null,"reason":null,"message":null,"refresh":"none","verdict":"done",)"
            R"("duration_ms":0,"adjusted":[{"parameter":"temperature","to":null},{"parameter":"max_tokens","to":"max_completion_tokens"},{"parameter":"n","to":512}]}],)"
            R"("skipped":[{"target":"x/m2","why":"held: quota_exhausted, 592 s left"}],"retry_after_ms":null})");
}

TEST(Trace, AFailedCallHasNobodyWhoServedIt) {
  Trace trace;
  trace.reason = Reason::rate_limited;
  trace.retry_after_ms = 40'000;
  const std::string text = to_json(trace);
  EXPECT_NE(text.find(R"("served_by":null)"), std::string::npos);
  EXPECT_NE(text.find(R"("retry_after_ms":40000)"), std::string::npos);
}

}  // namespace
}  // namespace belay::fallback
