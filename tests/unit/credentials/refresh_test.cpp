// What comes of one refresh: every outcome, adopting, what is stored and what a person is told.
#include "world.hpp"

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Refreshing : public World {
 protected:
  void open_login(int number = 0) {
    write_text(file("login"), login_json(number));
    open_one(login_in(file("login")));
  }
  void answer(RefreshOutcome outcome, std::string message = "") {
    hook = [outcome, message](const HookInput&) { return HookOutput{.outcome = outcome, .message = message}; };
  }
};

TEST_F(Refreshing, NewTokensAreTheNextGenerationAndLastBeyondThisProcess) {
  open_login();
  hook = [](const HookInput&) { return tokens(1); };
  (void)lookup();
  const RefreshResult result = refresh(1);
  EXPECT_EQ(result.outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(result.generation, 2U);
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-1");
  reopen();
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-1") << "the source still says at-SECRET-0: merely different";
  EXPECT_EQ(lookup().snapshot->generation, 2U);
}

TEST_F(Refreshing, TheHookGetsEverything) {
  write_text(file("login"), login_json(0));
  auto login = login_in(file("login"));
  login.sources["client_secret"] = source("literal:cs-SECRET");
  login.fields["scope"] = "chat";
  open_one(login);
  HookInput got;
  hook = [&](const HookInput& input) {
    got = input;
    EXPECT_EQ(input.read_source("refresh_token")->reveal(), "rt-SECRET-0");
    EXPECT_FALSE(input.read_source("nonsense"));
    return HookOutput{.outcome = RefreshOutcome::unchanged};
  };
  (void)lookup();
  auto wanted = request(Cause::forbidden, 1);
  wanted.failure = {403, {{"x", "y"}}, "body"};
  (void)refresh_async(wanted).get();
  EXPECT_EQ(got.provider, "p");
  EXPECT_EQ(got.type, "oauth2");
  EXPECT_EQ(got.generation, 1U);
  EXPECT_EQ(got.cause, Cause::forbidden);
  EXPECT_EQ(got.failure.status, 403);
  EXPECT_EQ(value_of(got.fields, "secret"), "at-SECRET-0");
  EXPECT_EQ(value_of(got.fields, "refresh_token"), "rt-SECRET-0");
  EXPECT_EQ(value_of(got.fields, "client_secret"), "cs-SECRET");
  EXPECT_EQ(value_of(got.fields, "token_url"), "http://127.0.0.1:1/token");
  EXPECT_EQ(value_of(got.fields, "client_id"), "belay");
  EXPECT_EQ(value_of(got.fields, "scope"), "chat");
}

TEST_F(Refreshing, TheSecondHookGetsTheRotatedToken) {
  open_login();
  std::string presented;
  hook = [&](const HookInput& input) {
    presented = value_of(input.fields, "refresh_token");
    return tokens(static_cast<int>(input.generation));
  };
  (void)lookup();
  (void)refresh(1);
  reopen();
  EXPECT_EQ(refresh(2).generation, 3U);
  EXPECT_EQ(presented, "rt-SECRET-1");
}

TEST_F(Refreshing, WithoutANewRefreshTokenTheOldOneStays) {
  open_login();
  hook = [](const HookInput&) {
    HookOutput output{.outcome = RefreshOutcome::refreshed};
    output.fields.push_back({"secret", Secret("at-SECRET-1")});
    return output;
  };
  (void)lookup();
  (void)refresh(1);
  std::string presented;
  hook = [&](const HookInput& input) {
    presented = value_of(input.fields, "refresh_token");
    return tokens(2);
  };
  (void)refresh(2);
  EXPECT_EQ(presented, "rt-SECRET-0");
}

TEST_F(Refreshing, ANewerGenerationNeedsNoRequest) {
  open_login();
  hook = [](const HookInput&) { return tokens(1); };
  (void)lookup();
  (void)refresh(1);
  const RefreshResult late = refresh(1);
  EXPECT_EQ(late.outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(late.generation, 2U);
  EXPECT_EQ(store->refresh_here(request(Cause::rejected, 1)).outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(hook_calls, 1);
}

TEST_F(Refreshing, AnOperatorAlwaysTries) {
  open_login();
  hook = [](const HookInput& input) { return tokens(static_cast<int>(input.generation)); };
  (void)lookup();
  EXPECT_EQ(refresh(0, Cause::operator_).generation, 2U);
  EXPECT_EQ(refresh(0, Cause::operator_).generation, 3U);
  EXPECT_EQ(hook_calls, 2);
}

TEST_F(Refreshing, TheSameTokenAgainIsUnchanged) {
  open_login();
  hook = [](const HookInput&) { return tokens(0); };
  (void)lookup();
  const RefreshResult result = refresh(1);
  EXPECT_EQ(result.outcome, RefreshOutcome::unchanged);
  EXPECT_EQ(result.generation, 1U);
}

TEST_F(Refreshing, TheSameAccessTokenWithANewRefreshTokenIsUnchangedButKept) {
  open_login();
  const UnixMs expires = clock.unix_ms() + 5'000'000;
  hook = [&](const HookInput&) {
    HookOutput output = tokens(0, expires);
    output.fields[1].value = Secret("rt-SECRET-1");
    return output;
  };
  (void)lookup();
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::unchanged);
  EXPECT_EQ(lookup().snapshot->expires, expires);
  std::string presented;
  hook = [&](const HookInput& input) {
    presented = value_of(input.fields, "refresh_token");
    return tokens(2);
  };
  (void)refresh(1);
  EXPECT_EQ(presented, "rt-SECRET-1") << "a rotated refresh token was lost";
}

TEST_F(Refreshing, EveryOutcomeIsHandedOn) {
  using enum RefreshOutcome;
  for (const RefreshOutcome outcome :
       {unchanged, not_applicable, failed_transient, failed_permanent, needs_interaction}) {
    open_login();
    answer(outcome, "because");
    (void)lookup();
    const RefreshResult result = refresh(1);
    EXPECT_EQ(result.outcome, outcome);
    EXPECT_EQ(result.generation, 1U);
    EXPECT_EQ(result.until_secret_changes, outcome == failed_permanent || outcome == needs_interaction);
    EXPECT_THAT(result.message, HasSubstr("because"));
    EXPECT_EQ(store->status()[0].last_outcome, outcome);
    EXPECT_EQ(store->status()[0].last_message, result.message);
  }
}

TEST_F(Refreshing, ADeadLoginSaysWhereTheNewOneGoes) {
  open_login();
  answer(RefreshOutcome::failed_permanent, "invalid_grant");
  (void)lookup();
  EXPECT_THAT(refresh(1).message,
              HasSubstr("log in again and put it into file:" + file("login").string() + "#/refresh_token"));
}

TEST_F(Refreshing, RetryAfterIsHandedOn) {
  open_login();
  hook = [](const HookInput&) {
    return HookOutput{.outcome = RefreshOutcome::failed_transient, .retry_after = Millis(7000)};
  };
  (void)lookup();
  EXPECT_EQ(refresh(1).retry_after, Millis(7000));
}

TEST_F(Refreshing, WhatAHookSaysIsScrubbedAndCut) {
  open_login();
  answer(RefreshOutcome::failed_permanent, "the token rt-SECRET-0 is dead\n" + std::string(5000, 'x'));
  (void)lookup();
  const RefreshResult result = refresh(1);
  EXPECT_THAT(result.message, Not(HasSubstr("rt-SECRET-0")));
  EXPECT_THAT(result.message, Not(HasSubstr("\n")));
  EXPECT_LT(result.message.size(), 1000U);
}

TEST_F(Refreshing, WithoutAPluginItFailsForNow) {
  write_text(file("login"), login_json(0));
  Store without(*state, clock, random, workers,
                {{.provider = "p", .origin = {}, .credentials = {login_in(file("login"))}}}, {});
  const RefreshResult result = without.refresh_here(request(Cause::rejected, 1));
  EXPECT_EQ(result.outcome, RefreshOutcome::failed_transient);
  EXPECT_EQ(without.refresh_here({.provider = "x", .id = "y"}).outcome, RefreshOutcome::failed_transient);
}

// ---------------------------------------------------------------------------------------------------------- adopting

TEST_F(Refreshing, AChangedSourceIsAdoptedWithoutAskingAnybody) {
  open_login();
  (void)lookup();
  write_text(file("login"), login_json(1));
  const RefreshResult result = refresh(1);
  EXPECT_EQ(result.outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(result.generation, 2U);
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-1");
  EXPECT_EQ(hook_calls, 0);
}

TEST_F(Refreshing, ASourceThatChangesWhileTheHookFailsIsAdopted) {
  open_login();
  hook = [this](const HookInput&) {
    write_text(file("login"), login_json(1));
    return HookOutput{.outcome = RefreshOutcome::failed_permanent, .message = "invalid_grant"};
  };
  (void)lookup();
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-1");
}

TEST_F(Refreshing, ARefreshTokenThatComesWhileTheHookFailsIsTriedToo) {
  write_text(file("rt"), "rt-SECRET-0");
  CredentialSettings login = login_in(file("login"));
  login.sources = {{"refresh_token", source("file:" + file("rt").string())}};
  open_one(login);
  hook = [this](const HookInput& input) {
    if (value_of(input.fields, "refresh_token") == "rt-SECRET-7") return tokens(8);
    write_text(file("rt"), "rt-SECRET-7");
    return HookOutput{.outcome = RefreshOutcome::failed_permanent, .message = "invalid_grant"};
  };
  EXPECT_EQ(lookup().availability, Availability::refresh);
  EXPECT_EQ(refresh(1, Cause::missing).outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-8");
  EXPECT_EQ(hook_calls, 2);
}

TEST_F(Refreshing, ANewRefreshTokenAloneIsExchangedFirst) {
  open_login();
  (void)lookup();
  write_text(file("login"), R"({"access_token": "at-SECRET-0", "refresh_token": "rt-SECRET-9"})");
  std::string presented;
  hook = [&](const HookInput& input) {
    presented = value_of(input.fields, "refresh_token");
    return tokens(10);
  };
  const RefreshResult result = refresh(1);
  EXPECT_EQ(result.outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(result.generation, 3U);
  EXPECT_EQ(presented, "rt-SECRET-9");
}

TEST_F(Refreshing, ANewClientSecretIsAReasonToTryAgain) {
  write_text(file("cs"), "cs-SECRET-0");
  write_text(file("login"), login_json(0));
  auto login = login_in(file("login"));
  login.sources["client_secret"] = source("file:" + file("cs").string());
  open_one(login);
  answer(RefreshOutcome::failed_permanent, "invalid_client");
  const Lookup before = lookup();
  (void)refresh(1);
  write_text(file("cs"), "cs-SECRET-1");
  const Lookup after = lookup(Read::fresh);
  EXPECT_EQ(after.availability, Availability::refresh);
  EXPECT_GT(after.snapshot->generation, before.snapshot->generation);
  std::string presented;
  hook = [&](const HookInput& input) {
    presented = value_of(input.fields, "client_secret");
    return tokens(1);
  };
  EXPECT_EQ(refresh(after.snapshot->generation, Cause::missing).outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(presented, "cs-SECRET-1");
}

TEST_F(Refreshing, AnOperatorIsToldOfAReplacedSourceInANewProcessToo) {
  write_text(file("key"), "sk-1");
  open_one(key_from("main", "file:" + file("key").string()));
  (void)lookup();
  write_text(file("key"), "sk-2");
  reopen();
  (void)lookup(Read::fresh);
  EXPECT_EQ(refresh(2, Cause::operator_).outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(refresh(2, Cause::operator_).outcome, RefreshOutcome::not_applicable);
  EXPECT_EQ(hook_calls, 1);
}

TEST_F(Refreshing, ARotatedKeyFileIsReadAgain) {
  write_text(file("key"), "sk-1");
  open_one(key_from("main", "file:" + file("key").string()));
  (void)lookup();
  write_text(file("key"), "sk-2");
  const RefreshResult result = refresh(1);
  EXPECT_EQ(result.outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(result.generation, 2U);
  EXPECT_EQ(secret_of(lookup()), "sk-2");
  EXPECT_EQ(hook_calls, 0);
}

TEST_F(Refreshing, AnUnchangedKeyIsThePluginsBusiness) {
  open_one(key_from("main", "literal:sk-1"));
  hook = [this](const HookInput& input) { return default_refresh(input, nullptr, clock); };
  (void)lookup();
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::not_applicable);
  EXPECT_EQ(hook_calls, 1);
}

TEST_F(Refreshing, WhatAPluginMakesOfItsSourceIsKeptUntilTheSourceChanges) {
  write_text(file("key"), "gh-1");
  auto settings = key_from("main", "file:" + file("key").string());
  settings.type = "github";
  open_one(settings);
  hook = [](const HookInput&) {
    HookOutput output{.outcome = RefreshOutcome::refreshed, .expires = 1'800'000'900'000};
    output.fields.push_back({"secret", Secret("exchanged-1")});
    return output;
  };
  EXPECT_EQ(secret_of(lookup()), "gh-1");
  EXPECT_EQ(refresh(1).generation, 2U);
  reopen();
  EXPECT_EQ(secret_of(lookup()), "exchanged-1");
  clock.advance(Millis(900'000));
  EXPECT_EQ(lookup().availability, Availability::refresh);
  write_text(file("key"), "gh-2");
  EXPECT_EQ(secret_of(lookup(Read::fresh)), "gh-2");
  EXPECT_EQ(lookup().snapshot->generation, 3U);
  EXPECT_EQ(lookup().availability, Availability::ready);
}

// ------------------------------------------------------------------------------------------------------- interrupted

TEST_F(Refreshing, ARecordOfTheRequestIsThereBeforeItGoesOut) {
  open_login();
  std::string recorded;
  hook = [&](const HookInput& input) {
    EXPECT_THAT(read_text(record("grant")), Not(HasSubstr("in_flight")));
    EXPECT_TRUE(input.before_request());
    EXPECT_TRUE(input.before_request());
    recorded = read_text(record("grant"));
    return HookOutput{.outcome = RefreshOutcome::failed_transient};
  };
  (void)lookup();
  (void)refresh(1);
  EXPECT_THAT(recorded, HasSubstr("in_flight"));
  EXPECT_THAT(read_text(record("grant")), Not(HasSubstr("in_flight"))) << "it ended, so nothing is in flight";
}

TEST_F(Refreshing, AnOperatorsSecondTrySaysTheSameOfALostLogin) {
  open_login();
  (void)lookup();
  std::string text = read_text(record("grant"));
  text.insert(1, R"("in_flight":1800000000000,)");
  write_text(record("grant"), text);
  reopen();
  answer(RefreshOutcome::failed_permanent, "invalid_grant");
  for (int i = 0; i < 2; ++i) {
    const RefreshResult result = refresh(0, Cause::operator_);
    EXPECT_EQ(result.outcome, RefreshOutcome::needs_interaction);
    EXPECT_TRUE(result.until_secret_changes);
    EXPECT_THAT(result.message, HasSubstr("interrupted refresh"));
    EXPECT_THAT(result.message, HasSubstr("invalid_grant"));
  }
  answer(RefreshOutcome::failed_transient);
  EXPECT_EQ(refresh(0, Cause::operator_).outcome, RefreshOutcome::failed_transient);
  hook = [](const HookInput&) { return tokens(1); };
  EXPECT_EQ(refresh(0, Cause::operator_).outcome, RefreshOutcome::refreshed);
  answer(RefreshOutcome::failed_permanent, "invalid_grant");
  EXPECT_EQ(refresh(0, Cause::operator_).outcome, RefreshOutcome::failed_permanent) << "that one was not interrupted";
}

}  // namespace
}  // namespace belay::credentials
