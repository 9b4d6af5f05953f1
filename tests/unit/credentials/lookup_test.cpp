// What a call finds: availability, generation, identity, expiry.
#include <fstream>

#include "base/hash.hpp"
#include "world.hpp"

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Lookups : public World {};

TEST_F(Lookups, AKeyIsReady) {
  open_one(key_from("main", "literal:sk-1"));
  const Lookup found = lookup();
  EXPECT_EQ(found.availability, Availability::ready);
  EXPECT_EQ(secret_of(found), "sk-1");
  EXPECT_EQ(found.snapshot->generation, 1U);
  EXPECT_THAT(found.snapshot->allowed_origins, ::testing::ElementsAre("http://127.0.0.1:9"));
  EXPECT_FALSE(found.identity.empty());
  EXPECT_THAT(found.identity, Not(HasSubstr("sk-1")));
}

TEST_F(Lookups, UnchangedItIsTheSameSnapshot) {
  open_one(key_from("main", "literal:sk-1"));
  (void)lookup();
  EXPECT_EQ(lookup().snapshot, lookup().snapshot);
}

TEST_F(Lookups, AMissingOneSaysWhichSource) {
  open_one(key_from("main", "env:BELAY_TEST_NOT_SET"));
  const Lookup found = lookup();
  EXPECT_EQ(found.availability, Availability::missing);
  EXPECT_EQ(found.why, "environment variable BELAY_TEST_NOT_SET is not set");
  EXPECT_EQ(found.snapshot, nullptr);
  EXPECT_EQ(store->lookup("p", "other", Read::cached).availability, Availability::missing);
}

TEST_F(Lookups, AMissingFileIsFoundOnceItIsThere) {
  open_one(key_from("main", "file:" + file("key").string()));
  EXPECT_EQ(lookup().availability, Availability::missing);
  write_text(file("key"), "sk-1\n");
  EXPECT_EQ(secret_of(lookup()), "sk-1");
}

TEST_F(Lookups, AKeyThatCouldSmuggleAHeaderIsMissing) {
  write_text(file("key"), "sk-1\r\nX-Evil: 1\n");
  open_one(key_from("main", "file:" + file("key").string()));
  const Lookup found = lookup();
  EXPECT_EQ(found.availability, Availability::missing);
  EXPECT_THAT(found.why, ::testing::AllOf(HasSubstr("more than one line"), Not(HasSubstr("sk-1"))));
}

TEST_F(Lookups, TheSameKeyUnderTwoProvidersHasOneIdentity) {
  open({{.provider = "p", .origin = "http://127.0.0.1:9", .credentials = {key_from("main", "literal:sk-1")}},
        {.provider = "q",
         .origin = "http://127.0.0.1:8",
         .credentials = {key_from("main", "literal:sk-1"), key_from("other", "literal:sk-2")}}});
  EXPECT_EQ(lookup().identity, store->lookup("q", "main", Read::cached).identity);
  EXPECT_NE(lookup().identity, store->lookup("q", "other", Read::cached).identity);
}

TEST_F(Lookups, ARotatedKeyIsSeenWhenHeldAndIsTheNextGeneration) {
  write_text(file("key"), "sk-1");
  open_one(key_from("main", "file:" + file("key").string()));
  const Lookup before = lookup();
  write_text(file("key"), "sk-2");
  EXPECT_EQ(secret_of(lookup()), "sk-1") << "a file is not read for every call";
  const Lookup after = lookup(Read::fresh);
  EXPECT_EQ(secret_of(after), "sk-2");
  EXPECT_EQ(after.snapshot->generation, 2U);
  EXPECT_NE(after.identity, before.identity);
  EXPECT_EQ(secret_of(lookup()), "sk-2");
}

TEST_F(Lookups, ANewProcessSendsTheRotatedKey) {
  write_text(file("key"), "sk-1");
  open_one(key_from("main", "file:" + file("key").string()));
  EXPECT_EQ(lookup().snapshot->generation, 1U);
  write_text(file("key"), "sk-2");
  reopen();
  EXPECT_EQ(secret_of(lookup()), "sk-2");
  EXPECT_EQ(lookup().snapshot->generation, 2U);
  reopen();
  EXPECT_EQ(lookup().snapshot->generation, 2U);
}

TEST_F(Lookups, GenerationsGoOnWhenAnOldKeyComesBack) {
  write_text(file("key"), "sk-1");
  open_one(key_from("main", "file:" + file("key").string()));
  std::uint64_t last = lookup().snapshot->generation;
  for (const char* key : {"sk-2", "sk-1", "sk-2", "sk-1"}) {
    write_text(file("key"), key);
    const std::uint64_t now = lookup(Read::fresh).snapshot->generation;
    EXPECT_EQ(now, last + 1);
    last = now;
  }
}

TEST_F(Lookups, GenerationsGoOnWhenTheTypeChanges) {
  write_text(file("login"), login_json(0));
  write_text(file("key"), "sk-1");
  open_one(key_from("main", "file:" + file("key").string()));
  (void)lookup();
  write_text(file("key"), "sk-2");
  const std::uint64_t key = lookup(Read::fresh).snapshot->generation;
  open_one(login_in(file("login")));
  std::uint64_t login = lookup().snapshot->generation;
  EXPECT_GT(key, 1U);
  EXPECT_GT(login, key);
  hook = [](const HookInput& input) { return tokens(static_cast<int>(input.generation)); };
  for (int i = 0; i < 3; ++i) login = refresh(login).generation;
  open_one(key_from("main", "file:" + file("key").string()));
  EXPECT_GT(lookup().snapshot->generation, login);
}

TEST_F(Lookups, AnotherProcessesRotationIsNoticedWithoutAReadOfTheFilePerCall) {
  write_text(file("key"), "sk-1");
  open_one(key_from("main", "file:" + file("key").string()));
  (void)lookup();
  const auto other_state = open_state("state");
  Store other(*other_state, clock, random, workers,
              {{.provider = "p", .origin = {}, .credentials = {key_from("main", "file:" + file("key").string())}}}, {});
  (void)other.lookup("p", "main", Read::cached);
  write_text(file("key"), "sk-2");
  (void)other.lookup("p", "main", Read::fresh);
  EXPECT_EQ(secret_of(lookup()), "sk-2");
  EXPECT_EQ(lookup().snapshot->generation, 2U);
}

TEST_F(Lookups, StateNeverHoldsAKeyFromASource) {
  open_one(key_from("main", "literal:sk-super-secret-key"));
  (void)lookup();
  EXPECT_THAT(read_text(record("credential")), Not(HasSubstr("super")));
}

// ------------------------------------------------------------------------------------------------------------ oauth2

TEST_F(Lookups, AnExchangeSeesTheAccessTokenAlone) {
  write_text(file("login"), login_json(0));
  auto login = login_in(file("login"));
  login.sources["client_secret"] = source("literal:cs-SECRET");
  login.allow_origins = {"https://other.example"};
  open_one(login);
  const Lookup found = lookup();
  ASSERT_EQ(found.availability, Availability::ready);
  ASSERT_EQ(found.snapshot->fields.size(), 1U);
  EXPECT_EQ(secret_of(found), "at-SECRET-0");
  EXPECT_THAT(found.snapshot->allowed_origins, ::testing::ElementsAre("http://127.0.0.1:9", "https://other.example"));
}

TEST_F(Lookups, WithoutAnAccessTokenItHasToBeRefreshedFirst) {
  write_text(file("login"), R"({"refresh_token": "rt-SECRET-0"})");
  open_one(login_in(file("login")));
  const Lookup found = lookup();
  EXPECT_EQ(found.availability, Availability::refresh);
  ASSERT_NE(found.snapshot, nullptr);
  EXPECT_TRUE(found.snapshot->fields.empty());
}

TEST_F(Lookups, WithoutARefreshTokenItIsMissing) {
  write_text(file("login"), R"({"access_token": "at-SECRET-0"})");
  open_one(login_in(file("login")));
  EXPECT_EQ(lookup().availability, Availability::missing);
  EXPECT_THAT(lookup().why, HasSubstr("refresh_token"));
}

TEST_F(Lookups, ExpiryComesFromBesideTheTokenOrFromTheTokenItself) {
  const UnixMs expires = clock.unix_ms() + 3'600'000;
  write_text(file("login"), R"({"access_token": "at-SECRET-0", "refresh_token": "rt-SECRET-0", "expires_at": )" +
                                std::to_string(expires / 1000) + "}");
  open_one(login_in(file("login")));
  EXPECT_EQ(lookup().snapshot->expires, expires);
  const std::string jwt = "e30." + base64(R"({"exp":)" + std::to_string(expires / 1000) + "}") + ".c2ln";
  write_text(file("login"), R"({"access_token": ")" + jwt + R"(", "refresh_token": "rt-SECRET-1"})");
  EXPECT_EQ(lookup(Read::fresh).snapshot->expires, expires);
}

TEST_F(Lookups, ATokenIsRenewedAheadInTheLastTenthOfItsLifeAndNeedsItAtItsEnd) {
  const UnixMs expires = clock.unix_ms() + 1'000'000;
  write_text(file("login"), R"({"access_token": "at-SECRET-0", "refresh_token": "rt-SECRET-0", "expires_at": )" +
                                std::to_string(expires) + "}");
  open_one(login_in(file("login")));
  EXPECT_EQ(lookup().availability, Availability::ready);
  clock.advance(Millis(899'000));
  EXPECT_EQ(lookup().availability, Availability::ready);
  clock.advance(Millis(1'000));
  EXPECT_EQ(lookup().availability, Availability::advisory);
  clock.advance(Millis(99'999));
  EXPECT_EQ(lookup().availability, Availability::advisory);
  clock.advance(Millis(1));
  EXPECT_EQ(lookup().availability, Availability::refresh);
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-0")
      << "an expired token is still shown: its refresh may say that it is good";
}

TEST_F(Lookups, AnAccessTokenAloneExpiresToo) {
  const UnixMs expires = clock.unix_ms() + 1'000;
  write_text(file("login"), R"({"access_token": "at-SECRET-0", "expires_at": )" + std::to_string(expires) + "}");
  auto login = login_in(file("login"));
  login.sources.erase("refresh_token");
  open_one(login);
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-0");
  EXPECT_NE(lookup().availability, Availability::refresh);
  clock.advance(Millis(1'000));
  EXPECT_EQ(lookup().availability, Availability::refresh);
}

TEST_F(Lookups, NobodyRenewsMoreThan300SecondsAhead) {
  const UnixMs expires = clock.unix_ms() + 86'400'000;
  write_text(file("login"), R"({"access_token": "at-SECRET-0", "refresh_token": "rt-SECRET-0", "expires_at": )" +
                                std::to_string(expires) + "}");
  open_one(login_in(file("login")));
  (void)lookup();
  clock.advance(Millis(86'400'000 - 300'001));
  EXPECT_EQ(lookup().availability, Availability::ready);
  clock.advance(Millis(1));
  EXPECT_EQ(lookup().availability, Availability::advisory);
}

// ----------------------------------------------------------------------------------------------- other types, damage

TEST_F(Lookups, APluginsOwnTypeHasItsSourcesAndSettings) {
  CredentialSettings settings;
  settings.id = "main";
  settings.type = "aws";
  settings.sources = {{"access_key_id", source("literal:AK")}, {"secret_access_key", source("literal:SK-SECRET")}};
  settings.fields = {{"region", "eu-1"}, {"sts_url", "https://sts.example/x"}};
  open_one(settings);
  const Lookup found = lookup();
  ASSERT_EQ(found.availability, Availability::ready);
  EXPECT_EQ(value_of(found.snapshot->fields, "access_key_id"), "AK");
  EXPECT_EQ(value_of(found.snapshot->fields, "secret_access_key"), "SK-SECRET");
  EXPECT_EQ(value_of(found.snapshot->fields, "region"), "eu-1");
  EXPECT_THAT(found.snapshot->allowed_origins, ::testing::ElementsAre("http://127.0.0.1:9", "https://sts.example"));
}

TEST_F(Lookups, ADamagedRecordIsMissingAndNamesItsFile) {
  write_text(file("login"), login_json(0));
  open_one(login_in(file("login")));
  (void)lookup();
  for (const char* area : {"grant", "credential"}) {
    const auto path = record(area);
    const std::string good = read_text(path);
    for (const std::string& bad :
         {std::string("{\"generation\": 1, "), std::string(), std::string("\xff\xfe"), std::string("{}")}) {
      write_text(path, bad);
      reopen();
      const Lookup found = lookup();
      EXPECT_EQ(found.availability, Availability::missing) << area << ": " << bad;
      EXPECT_THAT(found.why, ::testing::AllOf(HasSubstr(area), HasSubstr("damaged")));
      EXPECT_EQ(refresh(1).outcome, RefreshOutcome::failed_transient);
      EXPECT_EQ(read_text(path), bad) << "what is damaged is not ours to overwrite";
    }
    write_text(path, good);
    reopen();
    EXPECT_EQ(lookup().availability, Availability::ready);
  }
  EXPECT_EQ(hook_calls, 0);
}

TEST_F(Lookups, ARecordThatIsDamagedDuringARefreshIsLeftAlone) {
  write_text(file("login"), login_json(0));
  open_one(login_in(file("login")));
  (void)lookup();
  hook = [this](const HookInput&) {
    write_text(record("grant"), "{}");
    return HookOutput{.outcome = RefreshOutcome::failed_transient};
  };
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::failed_transient);
  EXPECT_EQ(read_text(record("grant")), "{}");
}

TEST_F(Lookups, AnotherProvidersDamageIsNotOurs) {
  write_text(file("login"), login_json(0));
  auto login = login_in(file("login"));
  open({{.provider = "p", .origin = {}, .credentials = {login}},
        {.provider = "q", .origin = {}, .credentials = {key_from("main", "literal:sk-q")}}});
  (void)lookup();
  write_text(record("grant"), "{");
  reopen();
  EXPECT_EQ(lookup().availability, Availability::missing);
  EXPECT_EQ(store->lookup("q", "main", Read::cached).availability, Availability::ready);
}

}  // namespace
}  // namespace belay::credentials
