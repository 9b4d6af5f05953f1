// DESIGN 4.2 rules 3, 4, 6, 7: deadlines and their shares, holds over several calls, probes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace belay::fallback::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;
using testing::UnorderedElementsAre;

Scripted hangs() {
  Scripted out = answer();
  out.takes = std::chrono::hours(1);
  return out;
}

Chain without_retries(const std::vector<std::string>& providers) {
  Chain out = chain(providers);
  out.route.transient_retries = 0;
  return out;
}

TEST(MachineTime, AHangingTargetUsesItsShareAlone) {
  World world;
  world.replies["p"] = {hangs()};
  world.replies["q"] = {hangs()};
  world.replies["c"] = {answer()};
  const MonoTime begin = world.clock.mono();

  const auto walked = world.walk(chain({"p", "q", "c"}), Millis(9000));

  EXPECT_THAT(walked.reasons(), ElementsAre("timed_out", "timed_out", "-"));
  EXPECT_LT(world.clock.mono() - begin, Millis(6100)) << "three seconds each";
}

TEST(MachineTime, TimeThatATargetDidNotUseGoesToTheLaterOnes) {
  World world;
  world.replies["p"] = {fails(Reason::model_unavailable, 404)};
  Scripted slow = answer();
  slow.takes = Millis(5500);
  world.replies["c"] = {slow};

  EXPECT_EQ(world.walk(chain({"p", "c"}), Millis(6000)).trace.outcome, Outcome::ok);
}

TEST(MachineTime, TheDeadlineEndsTheCallAndIsItsReason) {
  World world;
  world.replies["p"] = {hangs()};

  const auto walked = world.walk(chain({"p"}), Millis(1500));

  EXPECT_EQ(walked.trace.outcome, Outcome::deadline);
  EXPECT_EQ(walked.trace.reason, Reason::deadline_exceeded);
  EXPECT_THAT(walked.reasons(), ElementsAre("deadline_exceeded"));
  EXPECT_THAT(walked.verdicts(), ElementsAre("give_up"));
  EXPECT_EQ(walked.trace.duration_ms, 1500);
}

TEST(MachineTime, ATimeoutIsRetriedOnlyWhereTheRouteAllowsIt) {
  World world;
  world.replies["p"] = {hangs(), answer()};
  auto one = chain({"p"});
  one.route.attempt_timeout = Millis(1000);
  one.route.retry_on_timeout = true;

  EXPECT_THAT(world.walk(one).verdicts(), ElementsAre("retry_same", "done"));
}

TEST(MachineTime, CancellationIsNotAFailureOfAnybody) {
  World world;
  const auto members = json::index_object(world.body);
  Machine machine(world.view(), std::make_shared<const Chain>(chain({"p", "c"})), *members, "01", world.clock.mono(), Millis(1000));
  machine.start();

  machine.on_cancel(AttemptEnd{});

  EXPECT_EQ(machine.trace().outcome, Outcome::cancelled);
  EXPECT_EQ(machine.trace().reason, Reason::cancelled);
  EXPECT_THAT(world.holds->all(), IsEmpty());
}

TEST(MachineTime, AHoldGrowsWhenItsProbeFailsAndEndsOnSuccess) {
  World world;
  world.set_holds({.overloaded = Millis(2000)});
  world.replies["p"] = {fails(Reason::server_error, 500), fails(Reason::server_error, 500), answer(), answer()};
  for (int i = 0; i < 3; ++i) world.replies["c"].push_back(answer());
  const auto two = without_retries({"p", "c"});

  world.walk(two);
  world.clock.advance(Millis(2100));
  world.walk(two);                                         // the probe fails: four seconds now
  world.clock.advance(Millis(2100));
  const auto held = world.walk(two);
  world.clock.advance(Millis(2000));
  const auto healed = world.walk(two);
  const auto after = world.walk(two);

  EXPECT_THAT(held.requests, ElementsAre("c"));
  EXPECT_THAT(healed.requests, ElementsAre("p"));
  EXPECT_THAT(after.requests, ElementsAre("p"));
}

TEST(MachineTime, AHoldNeverGrowsBeyondTheMaximum) {
  World world;
  world.set_holds({.overloaded = Millis(2000), .max = Millis(5000)});
  const auto two = without_retries({"p", "c"});
  for (int i = 0; i < 6; ++i) {
    world.replies["p"].push_back(fails(Reason::server_error, 500));
    world.replies["c"].push_back(answer());
    const auto walked = world.walk(two);
    EXPECT_LE(walked.trace.attempts.front().hold_ms.value_or(0), 5000);
    world.clock.advance(Millis(5100));
  }
}

TEST(MachineTime, WhenEverythingIsHeldTheOneThatEndsFirstIsProbed) {
  World world;
  world.set_holds({.quota = Millis(600'000), .overloaded = Millis(20'000)});
  world.replies["p"] = {fails(Reason::quota_exhausted, 402)};
  world.replies["c"] = {fails(Reason::server_error, 500), answer()};
  const auto two = without_retries({"p", "c"});
  const auto failed = world.walk(two);

  const auto probed = world.walk(two);

  EXPECT_EQ(failed.trace.reason, Reason::quota_exhausted);
  EXPECT_THAT(probed.requests, ElementsAre("c"));
  EXPECT_THAT(probed.skipped(), UnorderedElementsAre(Pair("p/m", StartsWith("held: quota_exhausted"))));
}

TEST(MachineTime, OfAHeldPoolTheCredentialThatIsFreeFirstIsProbedAlone) {
  World world;
  world.credentials.pools["p"] = {{.id = "k1"}, {.id = "k2"}};
  world.replies["p#k1"] = {fails_told(Reason::quota_exhausted, Millis(500'000), 402)};
  world.replies["p#k2"] = {fails_told(Reason::quota_exhausted, Millis(100'000), 402), fails_told(Reason::quota_exhausted, Millis(100'000), 402)};
  const auto one = chain({"p"});
  world.walk(one);

  const auto probed = world.walk(one);

  EXPECT_THAT(probed.requests, ElementsAre("p#k2"));
  EXPECT_EQ(probed.trace.outcome, Outcome::failed);
}

/// Both keys of p have been held; the hold of k2 is over, and another call has begun to probe it. It ends well, or badly, after 120 ms.
struct ProbedByAnother {
  explicit ProbedByAnother(const std::vector<std::string>& providers) : all(without_retries(providers)) {
    world.set_holds({.auth = Millis(600'000), .quota = Millis(1000), .overloaded = Millis(1000)});
    world.credentials.pools["p"] = {{.id = "k1"}, {.id = "k2"}};
    world.replies["p#k1"] = {fails(Reason::quota_exhausted, 402)};
    world.replies["p#k2"] = {fails(Reason::quota_exhausted, 402)};
    world.walk(without_retries({"p"}));
    world.clock.advance(Millis(1500));
    for (const Hold& hold : world.holds->all()) {
      if (hold.key.key.find("k2") != std::string::npos) key = hold.key;
      else world.holds->clear(first_key = hold.key);
    }
    EXPECT_TRUE(world.holds->begin_probe(key, "another", Millis(60'000)));
    world.replies["p#k1"] = {fails(Reason::auth_rejected, 401)};
    world.refreshes["p#k1"] = {{.outcome = RefreshOutcome::not_applicable}};
  }
  World world;
  Chain all;
  HoldKey key, first_key;
};

TEST(MachineTime, ACallThatHasNothingElseWaitsForWhatAnotherOneProbes) {
  ProbedByAnother at({"p"});
  at.world.replies["p#k2"] = {answer()};
  at.world.clock.later(Millis(120), [&] { at.world.holds->clear(at.key); });

  const auto walked = at.world.walk(at.all);

  EXPECT_THAT(walked.requests, ElementsAre("p#k1", "p#k2"));
  EXPECT_THAT(walked.verdicts(), ElementsAre("next_credential", "done"));
  EXPECT_THAT(walked.waits, ElementsAre(Millis(50), Millis(50), Millis(50)));
  EXPECT_EQ(walked.trace.left, std::nullopt);
}

TEST(MachineTime, AndFailsWhenThatFails) {
  ProbedByAnother at({"p"});
  at.world.clock.later(Millis(120), [&] {
    at.world.holds->place({.key = at.key, .reason = Reason::quota_exhausted, .generation = 1, .attempt_began = at.world.clock.unix_ms() - 100});
  });

  const auto walked = at.world.walk(at.all);

  EXPECT_THAT(walked.requests, ElementsAre("p#k1"));
  EXPECT_EQ(walked.trace.outcome, Outcome::failed);
  EXPECT_EQ(walked.trace.reason, Reason::auth_rejected);
  EXPECT_THAT(walked.verdicts(), ElementsAre("give_up"));
}

TEST(MachineTime, ItWaitsTooWhenTheOneThatItWasForcedToTryHasFailed) {
  ProbedByAnother at({"p", "c"});
  at.world.holds->place({.key = at.first_key, .reason = Reason::auth_rejected, .generation = 1, .attempt_began = at.world.clock.unix_ms()});
  at.world.replies["c"] = {fails(Reason::server_error, 500), fails(Reason::server_error, 500)};
  at.world.walk(without_retries({"c"}));  // c is held too: all are
  at.world.replies["p#k2"] = {answer()};
  at.world.clock.later(Millis(60), [&] { at.world.holds->clear(at.key); });

  const auto walked = at.world.walk(at.all);

  EXPECT_THAT(walked.requests, ElementsAre("c", "p#k2"));
  EXPECT_THAT(walked.verdicts(), ElementsAre("next_target", "done"));
}

TEST(MachineTime, ItWaitsNoLongerThanATryOfItsOwnWouldTake) {
  ProbedByAnother at({"p"});  // whose probe never ends

  const auto began = at.world.clock.mono();
  at.all.route.attempt_timeout = Millis(3000);
  const auto walked = at.world.walk(at.all);

  EXPECT_THAT(walked.requests, ElementsAre("p#k1"));
  EXPECT_EQ(walked.trace.outcome, Outcome::failed);
  EXPECT_LE(at.world.clock.mono() - began, Millis(3200));
  EXPECT_GE(at.world.clock.mono() - began, Millis(3000));
}

TEST(MachineTime, WhoWaitsKeepsNobodyElseAway) {
  World world;
  world.set_holds({.overloaded = Millis(1000), .endpoint = Millis(1000)});
  world.replies["p"] = {fails(Reason::server_error, 500)};
  world.walk(without_retries({"p"}));
  const HoldKey target = world.holds->all().front().key, endpoint = endpoint_key("https://p.example", "p");
  world.holds->place({.key = endpoint, .reason = Reason::unreachable, .attempt_began = world.clock.unix_ms()});
  world.clock.advance(Millis(2500));
  ASSERT_TRUE(world.holds->begin_probe(target, "another", Millis(60'000)));
  world.replies["c"] = {fails(Reason::permission_denied, 403)};
  world.replies["p"] = {answer()};
  bool free = false;
  // Another call is after both, in the same order: it must get the endpoint while this one waits for the target.
  world.clock.later(Millis(70), [&] {
    free = world.holds->begin_probe(endpoint, "another", Millis(60'000));
    world.holds->clear(endpoint);
    world.holds->clear(target);
  });

  const auto walked = world.walk(without_retries({"c", "p"}));

  EXPECT_TRUE(free);
  EXPECT_THAT(walked.requests, ElementsAre("c", "p"));
}

TEST(MachineTime, WhatComesFreeMeanwhileIsTriedToo) {
  ProbedByAnother at({"p", "c"});
  at.world.replies["c"] = {fails(Reason::server_error, 500)};
  at.world.walk(without_retries({"c"}));  // c is held for a second
  at.world.replies["c"] = {answer()};

  const auto walked = at.world.walk(at.all);  // k1 refused, k2 probed without end, c held

  EXPECT_THAT(walked.requests, ElementsAre("p#k1", "c"));
  EXPECT_EQ(walked.trace.outcome, Outcome::ok);
  EXPECT_EQ(walked.trace.left, Reason::auth_rejected);
  EXPECT_THAT(walked.skipped(), IsEmpty());
}

TEST(MachineTime, OneThatHasSomethingElseDoesNotWait) {
  ProbedByAnother at({"p", "c"});
  at.world.replies["c"] = {answer()};

  const auto walked = at.world.walk(at.all);

  EXPECT_THAT(walked.requests, ElementsAre("p#k1", "c"));
  EXPECT_THAT(walked.waits, IsEmpty());
}

TEST(MachineTime, ATargetThatAnotherCallProbesIsWaitedForWhenTheOthersHaveFailed) {
  World world;
  world.set_holds({.overloaded = Millis(1000)});
  world.replies["p"] = {fails(Reason::server_error, 500)};
  world.replies["c"] = {answer()};
  const auto two = without_retries({"p", "c"});
  world.walk(two);
  world.clock.advance(Millis(1500));
  const HoldKey key = world.holds->all().front().key;
  ASSERT_TRUE(world.holds->begin_probe(key, "another", Millis(60'000)));
  world.replies["c"] = {fails(Reason::permission_denied, 403)};
  world.replies["p"] = {answer()};
  world.clock.later(Millis(70), [&] { world.holds->clear(key); });

  const auto walked = world.walk(two);

  EXPECT_THAT(walked.requests, ElementsAre("c", "p"));
  EXPECT_THAT(walked.verdicts(), ElementsAre("next_target", "done"));
  EXPECT_THAT(walked.skipped(), IsEmpty()) << "it was tried after all";
}

TEST(MachineTime, TheErrorNamesTheEarliestTimeThatCanWork) {
  World world;
  world.replies["p"] = {fails_told(Reason::rate_limited, Millis(120'000), 429)};
  world.replies["c"] = {fails_told(Reason::rate_limited, Millis(40'000), 429)};

  const auto walked = world.walk(chain({"p", "c"}));

  EXPECT_EQ(walked.trace.retry_after_ms, 40'000);
}

TEST(MachineTime, HoldsOfZeroSecondsAreOff) {
  World world;
  world.set_holds({.auth = Millis(0)});
  world.replies["p"] = {fails(Reason::auth_rejected, 401), fails(Reason::auth_rejected, 401)};
  world.replies["c"] = {answer(), answer()};

  const auto first = world.walk(chain({"p", "c"}));
  const auto second = world.walk(chain({"p", "c"}));

  EXPECT_EQ(first.trace.attempts[0].hold_ms, std::nullopt);
  EXPECT_THAT(second.requests, ElementsAre("p", "c"));
}

}  // namespace
}  // namespace belay::fallback::test
