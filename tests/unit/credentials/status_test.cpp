#include "world.hpp"

namespace belay::credentials {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Statuses : public World {};

TEST_F(Statuses, TellsSourcesOriginsAndTheLastRefresh) {
  write_text(file("login"), login_json(0));
  open_one(login_in(file("login"), "http://127.0.0.1:1/token"));
  hook = [this](const HookInput&) { return tokens(1, clock.unix_ms() + 3'600'000); };
  (void)lookup();
  (void)refresh(1);
  const auto all = store->status();
  ASSERT_EQ(all.size(), 1U);
  const Status& status = all[0];
  EXPECT_EQ(status.provider, "p");
  EXPECT_EQ(status.id, "main");
  EXPECT_EQ(status.type, "oauth2");
  EXPECT_EQ(status.generation, 2U);
  EXPECT_EQ(status.availability, Availability::ready);
  EXPECT_EQ(status.refreshed_at, clock.unix_ms());
  EXPECT_EQ(status.expires, clock.unix_ms() + 3'600'000);
  EXPECT_EQ(status.last_outcome, RefreshOutcome::refreshed);
  EXPECT_THAT(status.sources, ElementsAre("access_token: file:" + file("login").string() + "#/access_token",
                                          "refresh_token: file:" + file("login").string() + "#/refresh_token"));
  EXPECT_THAT(status.origins, ElementsAre("http://127.0.0.1:9", "http://127.0.0.1:1 (refresh token only)"));
}

TEST_F(Statuses, ADeadLoginIsRememberedByTheNextProcess) {
  write_text(file("login"), login_json(0));
  open_one(login_in(file("login")));
  hook = [](const HookInput&) {
    return HookOutput{.outcome = RefreshOutcome::failed_permanent, .message = "invalid_grant"};
  };
  (void)lookup();
  (void)refresh(1);
  reopen();
  EXPECT_EQ(store->status()[0].last_outcome, RefreshOutcome::failed_permanent);
  EXPECT_THAT(store->status()[0].last_message, HasSubstr("log in again"));
}

TEST_F(Statuses, ACommandIsNotRunAndItsArgumentsAreNotShown) {
  CredentialSettings settings;
  settings.id = "main";
  settings.type = "exec";
  settings.fields = {{"command", "get-token --password hunter2"}};
  open_one(settings);
  EXPECT_EQ(store->status()[0].availability, Availability::blocking);
  EXPECT_THAT(store->status()[0].sources, ElementsAre("command: exec:get-token ..."));
}

TEST_F(Statuses, WordsComeBack) {
  for (const auto outcome :
       {RefreshOutcome::none, RefreshOutcome::refreshed, RefreshOutcome::unchanged, RefreshOutcome::not_applicable,
        RefreshOutcome::failed_transient, RefreshOutcome::failed_permanent, RefreshOutcome::needs_interaction}) {
    EXPECT_EQ(parse_refresh_outcome(to_string(outcome)), outcome);
  }
  for (const auto cause :
       {Cause::rejected, Cause::forbidden, Cause::missing, Cause::expired, Cause::advisory, Cause::operator_}) {
    EXPECT_EQ(parse_cause(to_string(cause)), cause);
  }
  EXPECT_EQ(parse_refresh_outcome("well"), std::nullopt);
}

}  // namespace
}  // namespace belay::credentials
