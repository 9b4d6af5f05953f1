#include "attempts.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"
#include "screens.hpp"
#include "text_width.hpp"

namespace belay::cli {
namespace {

using fallback::Attempt;
using fallback::Reason;
using fallback::RefreshOutcome;
using fallback::Trace;
using fallback::Verdict;

Attempt attempt(int n, const std::string& provider, std::optional<Reason> reason, Verdict verdict) {
  Attempt made;
  made.n = n;
  made.provider = provider;
  made.model = "m1";
  made.credential = "main";
  made.reason = reason;
  made.verdict = verdict;
  made.duration_ms = 120;
  return made;
}

/// Left the first target after a refresh that a person must mend, skipped the second, answered by the third.
Trace switched() {
  Trace trace;
  trace.attempts.push_back(attempt(1, "p", Reason::auth_rejected, Verdict::next_target));
  trace.attempts[0].status = 401;
  trace.attempts[0].message = "token expired";
  trace.attempts[0].refresh = RefreshOutcome::failed_permanent;
  trace.attempts[0].refresh_message = "invalid_grant";
  trace.attempts[0].hold_ms = -1;
  trace.attempts.push_back(attempt(2, "c", std::nullopt, Verdict::done));
  trace.attempts[1].status = 200;
  trace.attempts[1].duration_ms = 4210;
  trace.skipped.push_back({"b/m2", "held: quota_exhausted, 592 s left"});
  trace.left = Reason::auth_rejected;
  trace.outcome = fallback::Outcome::ok;
  trace.served_by = fallback::ServedBy{"c", "m1", "main"};
  return trace;
}

TEST(Attempts, TheTableSaysWhatHappenedAndWhatFollowed) {
  EXPECT_EQ(attempts_table(switched(), pipe_screen()),
            "  #  target     what happened      then                                                                    took  message\n"
            "  1  p/m1#main  401 auth_rejected  refresh failed_permanent, next_target, held until its secret changes  120 ms  token expired; refresh: invalid_grant\n"
            "  2  c/m1#main  answered                                                                                  4.2 s\n"
            "  -  b/m2       skipped                                                                                          held: quota_exhausted, 592 s left\n");
}

TEST(Attempts, TheTableFitsEveryTerminal) {
  for (std::size_t width = 20; width < 160; width += 7) {
    const std::string text = attempts_table(switched(), terminal(width));
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
      EXPECT_LE(columns(text.substr(at, text.find('\n', at) - at)), width) << text;
  }
}

TEST(Attempts, WordsForWhatAnAttemptCameTo) {
  Attempt one = attempt(1, "p", Reason::unreachable, Verdict::retry_same);
  EXPECT_EQ(happened(one), "unreachable");  // no reply, no status
  EXPECT_EQ(then_of(one), "retry_same");
  EXPECT_EQ(target_of(one), "p/m1#main");

  one = attempt(1, "p", Reason::auth_rejected, Verdict::refresh);
  one.refresh = RefreshOutcome::refreshed;
  EXPECT_EQ(then_of(one), "refresh refreshed, once more");

  one = attempt(1, "p", Reason::rate_limited, Verdict::next_target);
  one.hold_ms = 60'000;
  one.credential.clear();
  EXPECT_EQ(then_of(one), "next_target, held " + format_duration(Millis(60'000)));
  EXPECT_EQ(target_of(one), "p/m1");
}

TEST(Attempts, DroppedAndRenamedParametersAreTold) {
  Trace trace;
  trace.attempts.push_back(attempt(1, "p", Reason::unsupported_parameter, Verdict::adjust));
  trace.attempts[0].adjusted = {{"temperature", "null"}, {"max_tokens", "\"max_completion_tokens\""}};
  EXPECT_NE(attempts_table(trace, pipe_screen()).find("temperature dropped; max_tokens became \"max_completion_tokens\""),
            std::string::npos);
}

TEST(Attempts, ASwitchIsNeverSilent) {
  EXPECT_EQ(switch_notice(switched()),
            "c/m1 answered; p/m1 was left: auth_rejected; b/m2 was skipped: held: quota_exhausted, 592 s left");

  Trace first_choice = switched();
  first_choice.left.reset();
  first_choice.skipped.clear();
  EXPECT_EQ(switch_notice(first_choice), "");
}

TEST(Attempts, NextStepsNameWhoeverNeedsAPersonOnce) {
  Trace trace = switched();
  trace.attempts.push_back(trace.attempts[0]);
  EXPECT_EQ(next_steps(trace),
            "p#main needs you: log in again or replace its secret; `belay status` tells more\n");
  EXPECT_EQ(next_steps(Trace()), "");
}

TEST(Attempts, TimesAreShort) {
  EXPECT_EQ(took(0), "0 ms");
  EXPECT_EQ(took(999), "999 ms");
  EXPECT_EQ(took(1000), "1.0 s");
  EXPECT_EQ(took(99'999), "99.9 s");
  EXPECT_EQ(took(125'000), "2 min 5 s");
}

}  // namespace
}  // namespace belay::cli
