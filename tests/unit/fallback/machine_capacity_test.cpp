// DESIGN 4.2: quota, rate limits, transient failures, adjustments.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace belay::fallback::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

Scripted refuses(std::string parameter, std::string rename = "") {
  Scripted out = fails(Reason::unsupported_parameter, 400);
  out.failing->parameter = std::move(parameter);
  out.failing->rename = std::move(rename);
  return out;
}

Scripted affords(std::int64_t tokens) {
  Scripted out = fails(Reason::quota_exhausted, 402);
  out.failing->affordable_tokens = tokens;
  return out;
}

TEST(MachineCapacity, QuotaTriesEachKeyOnceAndHoldsBoth) {
  World world;
  world.credentials.pools["p"] = {{.id = "k1"}, {.id = "k2"}};
  world.replies["p#k1"] = {fails(Reason::quota_exhausted, 402)};
  world.replies["p#k2"] = {fails(Reason::quota_exhausted, 402)};
  world.replies["c"] = {answer(), answer()};

  const auto first = world.walk(chain({"p", "c"}));
  const auto second = world.walk(chain({"p", "c"}));

  EXPECT_THAT(first.verdicts(), ElementsAre("next_credential", "next_target", "done"));
  EXPECT_THAT(second.requests, ElementsAre("c"));
}

TEST(MachineCapacity, OneSecretInTwoProvidersOfOneOriginIsHeldTogether) {
  World world;
  world.credentials.pools["p"] = {{.id = "main", .identity = "same"}};
  world.credentials.pools["q"] = {{.id = "main", .identity = "same"}};
  world.replies["p"] = {fails(Reason::quota_exhausted, 402)};
  world.replies["c"] = {answer()};
  auto three = chain({"p", "q", "c"});
  three.targets[1].origin = three.targets[0].origin;

  EXPECT_THAT(world.walk(three).requests, ElementsAre("p", "c"));
}

TEST(MachineCapacity, TheSameSecretElsewhereIsAnotherAccount) {
  World world;
  world.credentials.pools["p"] = {{.id = "main", .identity = "same"}};
  world.credentials.pools["q"] = {{.id = "main", .identity = "same"}};
  world.replies["p"] = {fails(Reason::quota_exhausted, 402)};
  world.replies["q"] = {answer()};

  EXPECT_THAT(world.walk(chain({"p", "q"})).requests, ElementsAre("p", "q"));
}

TEST(MachineCapacity, AnAffordableSizeIsAskedForOnce) {
  World world;
  world.body = R"({"messages":[],"max_tokens":65536})";
  world.replies["p"] = {affords(7117), affords(7000)};
  world.replies["c"] = {answer()};

  const auto walked = world.walk(chain({"p", "c"}));

  EXPECT_THAT(walked.verdicts(), ElementsAre("adjust", "next_target", "done"));
  EXPECT_THAT(walked.adjusted[1], ElementsAre(Adjusted{"max_tokens", "7053"}));
  EXPECT_THAT(walked.adjusted[2], IsEmpty()) << "what one target can afford says nothing of the next";
}

TEST(MachineCapacity, AnAffordableSizeBelow512OrAboveTheCapIsNone) {
  for (const auto& [body, tokens] : {std::pair(R"({"max_tokens":65536})", 511), std::pair(R"({"max_tokens":600})", 600)}) {
    World world;
    world.body = body;
    world.replies["p"] = {affords(tokens)};
    world.replies["c"] = {answer()};
    EXPECT_THAT(world.walk(chain({"p", "c"})).verdicts(), ElementsAre("next_target", "done")) << body;
  }
}

TEST(MachineCapacity, ExactlyTheLeastAffordableSizeIsAskedFor) {
  World world;
  world.body = R"({"max_tokens":513})";
  world.replies["p"] = {affords(512), answer()};
  EXPECT_THAT(world.walk(chain({"p"})).adjusted[1], ElementsAre(Adjusted{"max_tokens", "512"}));
}

TEST(MachineCapacity, ARateLimitIsWaitedOutOncePerCredential) {
  World world;
  world.credentials.pools["p"] = {{.id = "k1"}, {.id = "k2"}};
  world.replies["p#k1"] = {fails_told(Reason::rate_limited, Millis(1000), 429), fails_told(Reason::rate_limited, Millis(1000), 429)};
  world.replies["p#k2"] = {answer()};

  const auto walked = world.walk(chain({"p"}));

  EXPECT_THAT(walked.verdicts(), ElementsAre("retry_same", "next_credential", "done"));
  EXPECT_THAT(walked.waits, ElementsAre(AllOf(Ge(Millis(1000)), Le(Millis(1050)))));
}

TEST(MachineCapacity, ARetryAfterBeyondTheRoutesLimitMovesOnAndHoldsAsLong) {
  World world;
  world.replies["p"] = {fails_told(Reason::rate_limited, Millis(3'600'000), 429)};
  world.replies["c"] = {answer()};

  const auto walked = world.walk(chain({"p", "c"}));

  EXPECT_THAT(walked.verdicts(), ElementsAre("next_target", "done"));
  EXPECT_EQ(walked.trace.attempts[0].hold_ms, 3'600'000);
}

TEST(MachineCapacity, AWaitThatDoesNotFitTheShareIsNotMade) {
  World world;
  world.replies["p"] = {fails_told(Reason::rate_limited, Millis(4000), 429)};
  world.replies["c"] = {answer()};

  EXPECT_THAT(world.walk(chain({"p", "c"}), Millis(6000)).verdicts(), ElementsAre("next_target", "done"));
}

TEST(MachineCapacity, TransientFailuresShareOneCounterWhateverTheirOrder) {
  World world;
  world.replies["p"] = {fails(Reason::overloaded, 503), fails(Reason::server_error, 500), fails(Reason::unreachable)};
  world.replies["c"] = {answer()};

  const auto walked = world.walk(chain({"p", "c"}));

  EXPECT_THAT(walked.verdicts(), ElementsAre("retry_same", "retry_same", "next_target", "done"));
  EXPECT_THAT(walked.waits, ElementsAre(Millis(125), Millis(250))) << "backoff doubles; jitter is in its upper half";
}

TEST(MachineCapacity, BackoffIsCappedAtEightSeconds) {
  World world;
  world.random.value = 0.9999;
  auto one = chain({"p"});
  one.route.transient_retries = 9;
  one.route.backoff = Millis(1000);
  for (int i = 0; i < 10; ++i) world.replies["p"].push_back(fails(Reason::server_error, 500));

  for (const Millis wait : world.walk(one).waits) EXPECT_LE(wait, Millis(8000));
}

TEST(MachineCapacity, AParameterIsDroppedOnceAndRemembered) {
  World world;
  world.body = R"({"messages":[],"temperature":0.3})";
  world.replies["p"] = {refuses("temperature"), answer(), answer()};

  const auto first = world.walk(chain({"p"}));
  const auto second = world.walk(chain({"p"}));

  EXPECT_THAT(first.verdicts(), ElementsAre("adjust", "done"));
  EXPECT_THAT(first.trace.attempts[1].adjusted, ElementsAre(Adjusted{"temperature", "null"}));
  EXPECT_THAT(second.adjusted[0], ElementsAre(Adjusted{"temperature", "null"}));
}

TEST(MachineCapacity, WhatDidNotHelpIsNotRemembered) {
  World world;
  world.body = R"({"messages":[],"temperature":0.3})";
  world.replies["p"] = {refuses("temperature"), fails(Reason::model_unavailable, 404)};
  world.walk(chain({"p"}));

  EXPECT_THAT(world.learned->of("https://p.example", "m"), IsEmpty());
}

TEST(MachineCapacity, ARenamedParameterThatIsRefusedAgainIsDropped) {
  World world;
  world.body = R"({"messages":[],"max_tokens":50})";
  world.replies["p"] = {refuses("max_tokens", "max_completion_tokens"), refuses("max_completion_tokens"), answer()};

  const auto walked = world.walk(chain({"p"}));

  EXPECT_THAT(walked.adjusted[1], ElementsAre(Adjusted{"max_tokens", "\"max_completion_tokens\""}));
  EXPECT_THAT(walked.adjusted[2], ElementsAre(Adjusted{"max_tokens", "null"}));
}

TEST(MachineCapacity, AParameterThatStaysRefusedLeavesTheTarget) {
  World world;
  world.body = R"({"messages":[],"seed":1})";
  world.replies["p"] = {refuses("seed"), refuses("seed")};
  world.replies["c"] = {answer()};

  EXPECT_THAT(world.walk(chain({"p", "c"})).verdicts(), ElementsAre("adjust", "next_target", "done"));
}

TEST(MachineCapacity, AParameterThatTheRequestLacksIsNotOursToDrop) {
  World world;
  world.replies["p"] = {refuses("store")};
  world.replies["c"] = {answer()};

  EXPECT_THAT(world.walk(chain({"p", "c"})).requests, SizeIs(2));
}

TEST(MachineCapacity, EveryLoopHasABoundThatExplainKnows) {
  // The worst credential pair: every failure that has a counter, in turn, on both keys.
  World world;
  world.body = R"({"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"max_tokens":65536})";
  world.credentials.pools["p"] = {{.id = "k1"}, {.id = "k2"}};
  std::deque<Scripted> script;
  for (const auto* name : {"a", "b", "c", "d", "e", "f", "g", "h"}) script.push_back(refuses(name));
  script.push_back(affords(1000));
  script.push_back(fails(Reason::auth_rejected, 401));
  script.push_back(fails(Reason::overloaded, 503));
  script.push_back(fails(Reason::server_error, 500));
  script.push_back(fails_told(Reason::rate_limited, Millis(1), 429));
  script.push_back(fails_told(Reason::rate_limited, Millis(1), 429));
  world.replies["p#k1"] = script;
  world.replies["p#k2"] = {fails(Reason::auth_rejected, 401), fails(Reason::overloaded, 503), fails(Reason::unreachable), fails_told(Reason::rate_limited, Millis(1), 429),
                           fails(Reason::quota_exhausted, 402)};
  credentials::RefreshResult renewed;
  renewed.outcome = RefreshOutcome::refreshed;
  world.refreshes["p#k1"] = {renewed};
  world.refreshes["p#k2"] = {renewed};

  const auto walked = world.walk(chain({"p"}));

  // 2 credentials x (first + wait + 2 transient) + 2 refreshes + size + 8 parameters
  EXPECT_EQ(walked.requests.size(), 2u * (1 + 1 + 2) + 2 + 1 + 8);
}

}  // namespace
}  // namespace belay::fallback::test
