// DESIGN 4.2: the walk along the chain, `on`, filters, the commit point, what is reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace belay::fallback::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;
using testing::UnorderedElementsAre;

class RequestReasons : public testing::TestWithParam<Reason> {};

TEST_P(RequestReasons, StayHomeAndAreTheCallersOwn) {
  World world;
  world.replies["p"] = {fails(GetParam(), 400)};

  const auto walked = world.walk(chain({"p", "c"}));

  EXPECT_THAT(walked.verdicts(), ElementsAre("give_up"));
  EXPECT_EQ(walked.trace.outcome, Outcome::refused);
  EXPECT_EQ(walked.trace.reason, GetParam());
}

TEST_P(RequestReasons, MoveOnWhereTheRouteSaysSo) {
  World world;
  world.replies["p"] = {fails(GetParam(), 400)};
  world.replies["c"] = {answer()};
  auto two = chain({"p", "c"});
  two.route.on[GetParam()] = Verdict::next_target;

  EXPECT_THAT(world.walk(two).verdicts(), ElementsAre("next_target", "done"));
}

INSTANTIATE_TEST_SUITE_P(MachineChain, RequestReasons, testing::Values(Reason::bad_request, Reason::content_refused, Reason::request_too_large, Reason::context_too_long),
                         [](const auto& info) { return std::string(to_string(info.param)); });

class LaneReasons : public testing::TestWithParam<Reason> {};

TEST_P(LaneReasons, LeaveTheTargetAtOnceAndHoldIt) {
  World world;
  world.replies["p"] = {fails(GetParam(), 200)};
  world.replies["c"] = {answer(), answer()};
  auto two = chain({"p", "c"});
  two.targets[1].plugin = "another";

  const auto first = world.walk(two);
  const auto second = world.walk(two);

  EXPECT_THAT(first.verdicts(), ElementsAre("next_target", "done"));
  EXPECT_THAT(second.requests, ElementsAre("c"));
}

TEST_P(LaneReasons, EndTheCallWhereTheRouteSaysSo) {
  World world;
  world.replies["p"] = {fails(GetParam(), 200)};
  auto two = chain({"p", "c"});
  two.route.on[GetParam()] = Verdict::give_up;

  const auto walked = world.walk(two);

  EXPECT_THAT(walked.requests, ElementsAre("p"));
  EXPECT_EQ(walked.trace.outcome, Outcome::failed);
}

INSTANTIATE_TEST_SUITE_P(MachineChain, LaneReasons, testing::Values(Reason::model_unavailable, Reason::permission_denied, Reason::invalid_reply, Reason::plugin_fault, Reason::timed_out),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST(MachineChain, AnotherBuildOfAPluginIsNotHeldForWhatItsPredecessorDid) {
  World world;
  world.replies["p"] = {fails(Reason::plugin_fault, 200), fails(Reason::plugin_fault, 200), answer()};
  world.replies["c"] = {answer(), answer(), answer(), answer()};
  auto two = chain({"p", "c"});
  two.targets[0].build = 1;
  two.targets[1].plugin = "another";

  EXPECT_THAT(world.walk(two).requests, ElementsAre("p", "c"));
  EXPECT_THAT(world.walk(two).requests, ElementsAre("c")) << "held";
  two.targets[0].build = 2;
  EXPECT_THAT(world.walk(two).requests, ElementsAre("p", "c"));
  ASSERT_THAT(world.holds->all(), SizeIs(1));
  EXPECT_EQ(world.holds->all()[0].generation, 2u);
  EXPECT_EQ(world.holds->all()[0].strikes, 0) << "what the other build did does not count";
  two.targets[0].build = 0;
  EXPECT_THAT(world.walk(two).requests, ElementsAre("c")) << "of an unknown build the hold stays";
  two.targets[0].build = 3;
  EXPECT_THAT(world.walk(two).requests, ElementsAre("p"));
  EXPECT_THAT(world.holds->all(), IsEmpty());
}

TEST(MachineChain, ALongerContextIsAskedOnlyWhereItIsDeclared) {
  World world;
  world.replies["p"] = {fails(Reason::context_too_long, 400)};
  world.replies["d"] = {answer()};
  auto four = chain({"p", "c", "u", "d"});
  four.targets[0].facts.context = 8000;
  four.targets[1].facts.context = 8000;
  four.targets[3].facts.context = 128'000;

  const auto walked = world.walk(four);

  EXPECT_THAT(walked.requests, ElementsAre("p", "d"));
  EXPECT_THAT(walked.skipped(), UnorderedElementsAre(Pair("c/m", StartsWith("context")), Pair("u/m", StartsWith("context"))));
}

TEST(MachineChain, AnEntryOpensForItsReasonsOnly) {
  World world;
  auto three = chain({"p", "c", "d"});
  three.targets[1].on = parse_reason_group("capacity");
  three.route.transient_retries = 0;
  world.replies["p"] = {fails(Reason::model_unavailable, 404)};
  world.replies["d"] = {answer()};

  const auto closed = world.walk(three);
  ASSERT_EQ(*world.holds->lift([](const HoldKey&) { return true; }), 1);
  world.replies["p"] = {fails(Reason::overloaded, 503)};
  world.replies["c"] = {answer()};
  const auto open = world.walk(three);

  EXPECT_THAT(closed.requests, ElementsAre("p", "d"));
  EXPECT_THAT(closed.skipped(), UnorderedElementsAre(Pair("c/m", StartsWith("on"))));
  EXPECT_THAT(open.requests, ElementsAre("p", "c"));
}

TEST(MachineChain, TheReasonAskedIsAlsoThatOfASkip) {
  World world;
  world.credentials.pools["p"] = {{.id = "main", .availability = credentials::Availability::missing, .why = "nothing"}};
  world.replies["c"] = {answer()};
  auto two = chain({"p", "c"});
  two.targets[1].on = parse_reason_group("auth");

  EXPECT_THAT(world.walk(two).requests, ElementsAre("c"));
}

TEST(MachineChain, ASkipByPolicyOpensNothing) {
  World world;
  auto two = chain({"p", "c"});
  two.route.allow_cost = std::vector<std::string>{"free"};
  two.targets[1].cost = "free";
  two.targets[1].on = parse_reason_group("any");

  const auto walked = world.walk(two);

  EXPECT_THAT(walked.requests, IsEmpty());
  EXPECT_THAT(walked.skipped(), UnorderedElementsAre(Pair("p/m", StartsWith("allow_cost")), Pair("c/m", StartsWith("on"))));
}

TEST(MachineChain, FiltersLookAtWhatIsDeclared) {
  World world;
  world.replies["undeclared"] = {answer()};
  auto route = chain({"blind", "small", "undeclared"});
  route.route.requires_ = {"vision"};
  route.route.min_context = 64'000;
  route.targets[0].facts.capabilities["vision"] = false;
  route.targets[1].facts.context = 8000;

  const auto walked = world.walk(route);

  EXPECT_THAT(walked.requests, ElementsAre("undeclared"));
  EXPECT_THAT(walked.skipped(), UnorderedElementsAre(Pair("blind/m", "requires: vision"), Pair("small/m", StartsWith("min_context"))));
}

TEST(MachineChain, UndeclaredCostAndZoneAreNotAllowed) {
  World world;
  auto route = chain({"p", "q"});
  route.route.allow_cost = std::vector<std::string>{"free"};
  route.targets[1].cost = "free";
  route.route.allow_zones = std::vector<std::string>{"eu"};

  EXPECT_THAT(world.walk(route).skipped(), UnorderedElementsAre(Pair("p/m", "allow_cost: not declared"), Pair("q/m", "allow_zones: not declared")));
}

TEST(MachineChain, AfterTheCommitPointNothingIsRetriedOrMoved) {
  World world;
  Scripted broken = fails(Reason::invalid_reply, 200);
  broken.committed = true;
  world.replies["p"] = {broken};

  const auto walked = world.walk(chain({"p", "c"}));

  EXPECT_THAT(walked.verdicts(), ElementsAre("give_up"));
  EXPECT_EQ(walked.trace.reason, Reason::invalid_reply);
}

TEST(MachineChain, AFailedCallCarriesTheReasonOfItsFirstTarget) {
  World world;
  world.replies["p"] = {fails(Reason::quota_exhausted, 402)};
  world.replies["c"] = {fails(Reason::model_unavailable, 404)};

  const auto walked = world.walk(chain({"p", "c"}));

  EXPECT_EQ(walked.trace.reason, Reason::quota_exhausted);
  EXPECT_THAT(walked.verdicts(), ElementsAre("next_target", "give_up"));
}

TEST(MachineChain, TheLastAttemptGivesUpAlsoWhenLaterTargetsWereSkipped) {
  World world;
  world.replies["p"] = {fails(Reason::model_unavailable, 404)};
  world.credentials.pools["c"] = {{.id = "main", .availability = credentials::Availability::missing, .why = "nothing"}};

  EXPECT_THAT(world.walk(chain({"p", "c"})).verdicts(), ElementsAre("give_up"));
}

TEST(MachineChain, TargetsBehindTheOneThatAnsweredAreNotListed) {
  World world;
  world.replies["p"] = {answer()};
  auto two = chain({"p", "c"});
  two.route.allow_cost = std::vector<std::string>{"free"};
  two.targets[0].cost = "free";

  EXPECT_THAT(world.walk(two).skipped(), IsEmpty());
}

TEST(MachineChain, ATargetThatIsListedTwiceIsAskedOnce) {
  World world;
  world.replies["p"] = {fails(Reason::model_unavailable, 404)};
  world.replies["c"] = {answer()};

  EXPECT_THAT(world.walk(chain({"p", "p", "c"})).requests, ElementsAre("p", "c"));
}

TEST(MachineChain, ASiblingModelStaysEligibleUnlessTheCredentialIsHeld) {
  for (const auto& [reason, expected] : {std::pair(Reason::timed_out, 2u), std::pair(Reason::rate_limited, 2u), std::pair(Reason::quota_exhausted, 1u)}) {
    World world;
    world.credentials.pools["x"] = {{.id = "main"}};
    world.replies["x"] = {fails_told(reason, Millis(60'000)), answer()};
    auto two = chain({"x", "x"});
    two.targets[1].model = "m2";
    EXPECT_EQ(world.walk(two).requests.size(), expected) << to_string(reason);
  }
}

TEST(MachineChain, AnUnreachableOriginCoversItsNeighbours) {
  World world;
  world.replies["p"] = {fails(Reason::unreachable)};
  world.replies["c"] = {answer()};
  auto three = chain({"p", "q", "c"});
  three.targets[1].origin = three.targets[0].origin;
  three.route.transient_retries = 0;

  const auto walked = world.walk(three);

  EXPECT_THAT(walked.requests, ElementsAre("p", "c"));
  EXPECT_THAT(walked.skipped(), UnorderedElementsAre(Pair("q/m", StartsWith("held: unreachable"))));
}

TEST(MachineChain, AnUnusablePluginSkipsItsTargets) {
  World world;
  world.replies["c"] = {answer()};
  auto two = chain({"p", "c"});
  two.targets[0].unavailable = "no plugin serves type \"opnai\"";

  EXPECT_THAT(world.walk(two).skipped(), UnorderedElementsAre(Pair("p/m", StartsWith("plugin: no plugin serves"))));
}

TEST(MachineChain, AnEmptyChainFailsAtOnce) {
  World world;
  EXPECT_EQ(world.walk(chain({})).trace.outcome, Outcome::failed);
}

}  // namespace
}  // namespace belay::fallback::test
