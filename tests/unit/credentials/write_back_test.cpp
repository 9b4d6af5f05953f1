// write_back = true: the login file of another program is kept up to date.
#include <sys/stat.h>

#include "state/lock.hpp"
#include "world.hpp"

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class WritingBack : public World {
 protected:
  void open_login(const std::string& text) {
    write_text(file("login"), text);
    open_one(settings());
    hook = [](const HookInput& input) { return tokens(static_cast<int>(input.generation)); };
  }
  CredentialSettings settings() const {
    auto login = login_in(file("login"));
    login.write_back = true;
    return login;
  }
};

TEST_F(WritingBack, NewTokensReplaceTheOldAndTheRestStays) {
  open_login(
      "{\n  \"access_token\": \"at-SECRET-0\",\n  \"other\": [1, 2.50],\n  \"refresh_token\": \"rt-SECRET-0\"\n}\n");
  (void)lookup();
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(
      read_text(file("login")),
      "{\n  \"access_token\": \"at-SECRET-1\",\n  \"other\": [1, 2.50],\n  \"refresh_token\": \"rt-SECRET-1\"\n}\n");
  EXPECT_TRUE(std::filesystem::exists(file("login.lock")));
}

TEST_F(WritingBack, WhatWeWroteIsNoNews) {
  open_login(login_json(0));
  (void)lookup();
  (void)refresh(1);
  EXPECT_EQ(lookup(Read::fresh).snapshot->generation, 2U);
  reopen();
  EXPECT_EQ(lookup().snapshot->generation, 2U);
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-1");
}

TEST_F(WritingBack, RightsAndLinksStay) {
  open_login(login_json(0));
  chmod(file("login").c_str(), 0640);
  std::filesystem::rename(file("login"), file("real"));
  std::filesystem::create_symlink(file("real"), file("login"));
  (void)lookup();
  (void)refresh(1);
  struct stat status {};
  stat(file("real").c_str(), &status);
  EXPECT_EQ(status.st_mode & 07777, 0640U);
  EXPECT_TRUE(std::filesystem::is_symlink(file("login")));
  EXPECT_THAT(read_text(file("real")), HasSubstr("rt-SECRET-1"));
}

TEST_F(WritingBack, TheExpiryBesideTheTokenGoesAlongInItsOwnForm) {
  const std::string before =
      R"({"access_token":"at-SECRET-0","refresh_token":"rt-SECRET-0","expiry":"2027-01-15T09:00:00Z"})";
  open_login(before);
  const UnixMs expires = clock.unix_ms() + 7'200'000;
  hook = [&](const HookInput&) { return tokens(1, expires); };
  (void)lookup();
  (void)refresh(1);
  EXPECT_THAT(read_text(file("login")), HasSubstr(R"("expiry":"2027-01-15T10:00:00Z")"));
  write_text(file("login"), R"({"access_token":"at-SECRET-5","refresh_token":"rt-SECRET-5","expires_at":1900000000})");
  (void)lookup(Read::fresh);
  hook = [&](const HookInput&) { return tokens(6, expires); };
  (void)refresh(3);
  EXPECT_THAT(read_text(file("login")), HasSubstr("\"expires_at\":" + std::to_string(expires / 1000)));
}

TEST_F(WritingBack, AFileThatIsATokenIsReplacedWhole) {
  write_text(file("rt"), "rt-SECRET-0\n");
  CredentialSettings login = settings();
  login.sources.clear();
  login.sources["refresh_token"] = source("file:" + file("rt").string());
  open_one(login);
  hook = [](const HookInput&) { return tokens(1); };
  (void)lookup();
  (void)refresh(1, Cause::missing);
  EXPECT_EQ(read_text(file("rt")), "rt-SECRET-1\n");
}

TEST_F(WritingBack, WhatItsOwnerChangedMeanwhileIsLeftAndAdopted) {
  open_login(login_json(0));
  hook = [this](const HookInput&) {
    write_text(file("login"), login_json(50));
    return tokens(1);
  };
  (void)lookup();
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(read_text(file("login")), login_json(50));
  EXPECT_EQ(secret_of(lookup(Read::fresh)), "at-SECRET-50");
}

TEST_F(WritingBack, WhatCouldNotBeWrittenIsWrittenByTheNextWhoReads) {
  open_login(login_json(0));
  hook = [this](const HookInput&) {
    std::filesystem::rename(file("login"), file("away"));
    return tokens(1);
  };
  (void)lookup();
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::refreshed) << "the tokens are good and stored";
  std::filesystem::rename(file("away"), file("login"));
  EXPECT_THAT(read_text(file("login")), HasSubstr("rt-SECRET-0"));
  reopen();
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-1");
  EXPECT_THAT(read_text(file("login")), HasSubstr("rt-SECRET-1"));
}

TEST_F(WritingBack, ALoginFileIsLockedFromItsReadingToItsWriting) {
  open_login(login_json(0));
  bool free_during = true;
  hook = [&](const HookInput&) {
    free_during = state::lock_byte(file("login.lock"), 0, 0600, std::chrono::steady_clock::now(), {}).ok();
    return tokens(1);
  };
  (void)lookup();
  (void)refresh(1);
  EXPECT_FALSE(free_during);
  EXPECT_TRUE(state::lock_byte(file("login.lock"), 0, 0600, std::chrono::steady_clock::now(), {}));
}

TEST_F(WritingBack, TwoStatesThatShareAFileAdoptFromEachOther) {
  open_login(login_json(0));
  (void)lookup();
  const auto other_state = open_state("other");
  int other_hooks = 0;
  Options options;
  options.hook = [&](const HookInput&) {
    ++other_hooks;
    return tokens(9);
  };
  Store other(*other_state, clock, random, workers, {{.provider = "p", .origin = {}, .credentials = {settings()}}},
              options);
  (void)other.lookup("p", "main", Read::cached);
  (void)refresh(1);
  EXPECT_EQ(other.refresh_here(request(Cause::rejected, 1)).outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(other_hooks, 0);
  EXPECT_EQ(secret_of(other.lookup("p", "main", Read::cached)), "at-SECRET-1");
}

TEST_F(WritingBack, WithoutItTheFileIsNeverTouched) {
  write_text(file("login"), login_json(0));
  open_one(login_in(file("login")));
  hook = [](const HookInput&) { return tokens(1); };
  (void)lookup();
  (void)refresh(1);
  EXPECT_EQ(read_text(file("login")), login_json(0));
  EXPECT_FALSE(std::filesystem::exists(file("login.lock")));
}

}  // namespace
}  // namespace belay::credentials
