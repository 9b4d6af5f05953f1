// DESIGN 4.2, 4.3: what an auth failure leads to.
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

credentials::RefreshResult refresh(RefreshOutcome outcome, bool until_secret = false, std::string message = "") {
  return {.outcome = outcome, .generation = 0, .retry_after = {}, .until_secret_changes = until_secret, .connection_bound = false, .message = std::move(message)};
}

TEST(MachineAuth, RefreshHealsAndTheSpareIsNeverCalled) {
  World world;
  world.credentials.pools["p"] = {{.id = "main"}};
  world.replies["p"] = {fails(Reason::auth_rejected, 401), answer()};
  world.refreshes["p#main"] = {refresh(RefreshOutcome::refreshed)};

  const auto walked = world.walk(chain({"p", "c"}));

  EXPECT_THAT(walked.requests, ElementsAre("p", "p'"));
  EXPECT_THAT(walked.verdicts(), ElementsAre("refresh", "done"));
  EXPECT_EQ(walked.trace.outcome, Outcome::ok);
  EXPECT_EQ(walked.trace.attempts[0].refresh, RefreshOutcome::refreshed);
  EXPECT_EQ(walked.trace.left, std::nullopt);
}

TEST(MachineAuth, NothingNewMeansNoSecondRequest) {
  for (const auto outcome : {RefreshOutcome::unchanged, RefreshOutcome::not_applicable, RefreshOutcome::failed_transient, RefreshOutcome::failed_permanent,
                             RefreshOutcome::needs_interaction}) {
    World world;
    world.credentials.pools["p"] = {{.id = "main"}};
    world.replies["p"] = {fails(Reason::auth_rejected, 401)};
    world.replies["c"] = {answer()};
    world.refreshes["p#main"] = {refresh(outcome)};

    const auto walked = world.walk(chain({"p", "c"}));

    EXPECT_THAT(walked.requests, ElementsAre("p", "c")) << to_string(Reason::auth_rejected);
    EXPECT_THAT(walked.verdicts(), ElementsAre("next_target", "done"));
    EXPECT_EQ(walked.trace.attempts[0].refresh, outcome);
    EXPECT_EQ(walked.trace.left, Reason::auth_rejected);
  }
}

TEST(MachineAuth, ASecondRefusalEndsTheCredentialAndThePoolGoesOn) {
  World world;
  world.credentials.pools["p"] = {{.id = "k1"}, {.id = "k2"}};
  world.replies["p#k1"] = {fails(Reason::auth_rejected, 401), fails(Reason::auth_rejected, 401)};
  world.replies["p#k2"] = {answer()};
  world.refreshes["p#k1"] = {refresh(RefreshOutcome::refreshed)};

  const auto walked = world.walk(chain({"p", "c"}));

  EXPECT_THAT(walked.verdicts(), ElementsAre("refresh", "next_credential", "done"));
  EXPECT_THAT(walked.refreshed, ElementsAre("p#k1"));
  EXPECT_TRUE(walked.trace.attempts[1].hold_ms.has_value());
}

TEST(MachineAuth, ALaterFailureNarrowsTheEarlierOne) {
  World world;
  world.credentials.pools["p"] = {{.id = "main"}};
  world.replies["p"] = {fails(Reason::auth_rejected, 401), fails(Reason::quota_exhausted, 402)};
  world.refreshes["p#main"] = {refresh(RefreshOutcome::refreshed)};

  const auto walked = world.walk(chain({"p"}));

  EXPECT_THAT(walked.reasons(), ElementsAre("auth_rejected", "quota_exhausted"));
  EXPECT_EQ(walked.trace.reason, Reason::quota_exhausted);
  EXPECT_EQ(walked.trace.outcome, Outcome::failed);
}

TEST(MachineAuth, ATransientFailureAfterARefreshIsNoFaultOfTheCredential) {
  World world;
  world.credentials.pools["p"] = {{.id = "k1"}, {.id = "k2"}};
  world.replies["p#k1"] = {fails(Reason::auth_rejected, 401), fails(Reason::unreachable)};
  world.replies["c"] = {answer()};
  world.refreshes["p#k1"] = {refresh(RefreshOutcome::refreshed)};
  auto two = chain({"p", "c"});
  two.route.transient_retries = 0;

  const auto walked = world.walk(two);

  EXPECT_THAT(walked.verdicts(), ElementsAre("refresh", "next_target", "done"));
  EXPECT_EQ(walked.trace.left, Reason::unreachable);
}

TEST(MachineAuth, ADeadLoginIsHeldUntilItsSecretChanges) {
  World world;
  world.credentials.pools["p"] = {{.id = "main"}};
  world.replies["p"] = {fails(Reason::auth_rejected, 401), answer()};
  world.replies["c"] = {answer(), answer()};
  world.refreshes["p#main"] = {refresh(RefreshOutcome::failed_permanent, true, "invalid_grant")};
  const auto two = chain({"p", "c"});
  world.walk(two);

  world.clock.advance(std::chrono::hours(48));
  const auto later = world.walk(two);
  world.credentials.at("p", "main").fresh_generation = 2;
  const auto renewed = world.walk(two);

  EXPECT_THAT(later.requests, ElementsAre("c"));
  EXPECT_THAT(later.skipped(), UnorderedElementsAre(Pair("p/m", StartsWith("held: auth_rejected, until its secret changes"))));
  EXPECT_THAT(renewed.requests, ElementsAre("p'"));
}

TEST(MachineAuth, AHoldUntilTheSecretChangesIsNeverProbed) {
  World world;
  world.credentials.pools["p"] = {{.id = "main"}};
  world.replies["p"] = {fails(Reason::auth_rejected, 401)};
  world.refreshes["p#main"] = {refresh(RefreshOutcome::needs_interaction, true)};
  world.walk(chain({"p"}));

  const auto later = world.walk(chain({"p"}));

  EXPECT_THAT(later.requests, IsEmpty());
  EXPECT_EQ(later.trace.outcome, Outcome::failed);
  EXPECT_EQ(later.trace.reason, Reason::auth_rejected);
  EXPECT_EQ(later.trace.retry_after_ms, std::nullopt);
}

TEST(MachineAuth, ATokenThatRanOutIsRefreshedBeforeUseAndIsNoAttempt) {
  World world;
  world.credentials.pools["p"] = {{.id = "main", .availability = credentials::Availability::refresh}};
  world.replies["p"] = {answer()};
  world.refreshes["p#main"] = {refresh(RefreshOutcome::refreshed)};

  const auto walked = world.walk(chain({"p"}));

  EXPECT_THAT(walked.requests, ElementsAre("p'"));
  EXPECT_THAT(walked.reasons(), ElementsAre("-"));
}

TEST(MachineAuth, AFailedMandatoryRefreshSkipsTheTarget) {
  World world;
  world.credentials.pools["p"] = {{.id = "main", .availability = credentials::Availability::refresh}};
  world.replies["c"] = {answer()};
  world.refreshes["p#main"] = {refresh(RefreshOutcome::failed_transient, false, "the token endpoint answered 500")};

  const auto walked = world.walk(chain({"p", "c"}));

  EXPECT_THAT(walked.requests, ElementsAre("c"));
  EXPECT_THAT(walked.skipped(), UnorderedElementsAre(Pair("p/m", StartsWith("held: auth_rejected"))));
  EXPECT_EQ(walked.trace.left, Reason::auth_rejected);
}

TEST(MachineAuth, ADirectTargetIsNeverLeft) {
  World world;
  world.credentials.pools["p"] = {{.id = "main"}};
  world.replies["p"] = {fails(Reason::auth_rejected, 401)};
  world.refreshes["p#main"] = {refresh(RefreshOutcome::not_applicable)};
  auto one = chain({"p"});
  one.direct = true;

  const auto walked = world.walk(one);

  EXPECT_THAT(walked.verdicts(), ElementsAre("give_up"));
  EXPECT_EQ(walked.trace.reason, Reason::auth_rejected);
}

TEST(MachineAuth, ACredentialThatACommandGivesIsLoadedFirst) {
  World world;
  world.credentials.pools["p"] = {{.id = "main", .availability = credentials::Availability::blocking}};
  world.replies["p"] = {answer()};

  const auto walked = world.walk(chain({"p"}));

  EXPECT_THAT(walked.requests, ElementsAre("p"));
  EXPECT_EQ(walked.trace.outcome, Outcome::ok);
}

TEST(MachineAuth, MissingCredentialsAreSkippedAndNameTheReason) {
  World world;
  world.credentials.pools["p"] = {{.id = "main", .availability = credentials::Availability::missing, .why = "environment variable X is not set"}};

  const auto walked = world.walk(chain({"p"}));

  EXPECT_THAT(walked.requests, IsEmpty());
  EXPECT_EQ(walked.trace.reason, Reason::credential_missing);
  EXPECT_THAT(walked.skipped(), UnorderedElementsAre(Pair("p/m", "credential_missing: environment variable X is not set")));
}

}  // namespace
}  // namespace belay::fallback::test
