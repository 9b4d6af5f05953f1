// Grants: one login, whoever uses it and wherever its tokens were taken from.
#include "world.hpp"

namespace belay::credentials {
namespace {

class Grants : public World {
 protected:
  /// Two providers; each reads the login from its own file.
  void open_two() {
    write_text(file("p"), login_json(0));
    write_text(file("q"), login_json(0));
    open({{.provider = "p", .origin = {}, .credentials = {login_in(file("p"))}},
          {.provider = "q", .origin = {}, .credentials = {login_in(file("q"))}}});
  }
  Lookup of(const std::string& provider, Read read = Read::cached) { return store->lookup(provider, "main", read); }
};

TEST_F(Grants, TwoProvidersWithOneLoginShareItsRefresh) {
  open_two();
  hook = [](const HookInput&) { return tokens(1); };
  EXPECT_EQ(of("p").identity, of("q").identity);
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(secret_of(of("q")), "at-SECRET-1");
  EXPECT_EQ(refresh(1, Cause::rejected, "q").outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(hook_calls, 1);
}

TEST_F(Grants, BothMeetingARefusalAtOnceMakeOneRequest) {
  open_two();
  std::promise<void> go;
  auto gone = go.get_future().share();
  hook = [gone](const HookInput&) {
    gone.wait();
    return tokens(1);
  };
  (void)of("p"), (void)of("q");
  auto first = refresh_async(request(Cause::rejected, 1));
  auto other = request(Cause::rejected, 1);
  other.provider = "q";
  auto second = refresh_async(other);
  go.set_value();
  EXPECT_EQ(first.get().outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(second.get().outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(hook_calls, 1);
}

TEST_F(Grants, TheSameTokenForAnotherEndpointIsAnotherLogin) {
  write_text(file("p"), login_json(0));
  open({{.provider = "p", .origin = {}, .credentials = {login_in(file("p"), "http://127.0.0.1:1/token")}},
        {.provider = "q", .origin = {}, .credentials = {login_in(file("p"), "http://127.0.0.1:2/token")}}});
  EXPECT_NE(of("p").identity, of("q").identity);
}

TEST_F(Grants, AnAdoptedTokenIsLinked) {
  open_two();
  (void)of("p"), (void)of("q");
  write_text(file("p"), login_json(5));
  EXPECT_EQ(of("p", Read::fresh).snapshot->generation, 2U);
  EXPECT_EQ(secret_of(of("q")), "at-SECRET-5") << "the grant has one set of tokens";
  // q's own source comes to say the same later, when the grant has been renewed: that is no news.
  hook = [](const HookInput&) { return tokens(6); };
  (void)refresh(2);
  write_text(file("q"), login_json(5));
  EXPECT_EQ(secret_of(of("q", Read::fresh)), "at-SECRET-6");
  EXPECT_EQ(of("q").snapshot->generation, 3U);
}

TEST_F(Grants, AThirdProviderThatStartsFromARotatedTokenJoins) {
  open_two();
  hook = [](const HookInput&) { return tokens(1); };
  (void)of("p");
  (void)refresh(1);
  write_text(file("r"), login_json(1));
  open({{.provider = "p", .origin = {}, .credentials = {login_in(file("p"))}},
        {.provider = "r", .origin = {}, .credentials = {login_in(file("r"))}}});
  EXPECT_EQ(of("r").identity, of("p").identity);
  EXPECT_EQ(of("r").snapshot->generation, 2U);
}

TEST_F(Grants, IdentityOutlivesARefreshAndEndsWhenTheOwnerReplacesTheSource) {
  open_two();
  const std::string identity = of("p").identity;
  hook = [](const HookInput&) { return tokens(1); };
  (void)refresh(1);
  EXPECT_EQ(of("p").identity, identity) << "a refresh does not end a quota hold";
  write_text(file("p"), login_json(7));
  EXPECT_NE(of("p", Read::fresh).identity, identity) << "another login does";
}

TEST_F(Grants, TakingOverAnotherKnownLoginGoesOnCounting) {
  open_two();
  hook = [](const HookInput& input) { return tokens(static_cast<int>(input.generation) + 10); };
  write_text(file("q"), login_json(100));
  const auto q = of("q");
  (void)of("p");
  for (std::uint64_t generation = 1; generation <= 4; ++generation) (void)refresh(generation);
  const auto before = of("p").snapshot->generation;
  write_text(file("p"), login_json(100));
  const auto after = of("p", Read::fresh);
  EXPECT_EQ(after.identity, of("q").identity);
  EXPECT_GT(after.snapshot->generation, before);
  EXPECT_GE(of("q").snapshot->generation, q.snapshot->generation);
  EXPECT_EQ(secret_of(after), "at-SECRET-100");
}

TEST_F(Grants, ABackupOfTheFileIsNoNews) {
  open_two();
  hook = [](const HookInput&) { return tokens(1); };
  (void)of("p");
  (void)refresh(1);
  write_text(file("p"), login_json(5));
  (void)of("p", Read::fresh);
  write_text(file("p"), login_json(0));
  EXPECT_EQ(secret_of(of("p", Read::fresh)), "at-SECRET-5") << "rt-SECRET-0 is spent";
}

TEST_F(Grants, WhileARefreshIsUnderWayALookLeavesTheGrantAlone) {
  open_two();
  std::promise<void> entered, go;
  hook = [&](const HookInput&) {
    entered.set_value();
    go.get_future().wait();
    return tokens(1);
  };
  (void)of("p");
  auto result = refresh_async(request(Cause::rejected, 1));
  entered.get_future().wait();
  write_text(file("p"), login_json(5));
  EXPECT_EQ(secret_of(of("p", Read::fresh)), "at-SECRET-0");
  go.set_value();
  EXPECT_EQ(result.get().generation, 2U);
  EXPECT_EQ(secret_of(of("p")), "at-SECRET-1")
      << "tokens that arrived are not lost to something that was read meanwhile";
  EXPECT_EQ(secret_of(of("p", Read::fresh)), "at-SECRET-5");
}

}  // namespace
}  // namespace belay::credentials
