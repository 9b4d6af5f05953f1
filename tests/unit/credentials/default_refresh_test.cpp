#include "world.hpp"

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;

HookInput oauth() {
  HookInput input;
  input.type = "oauth2";
  input.fields = {{"token_url", Secret("http://127.0.0.1:1/token"), false},
                  {"client_id", Secret("be lay&"), false},
                  {"refresh_token", Secret("rt/1+2=")},
                  {"secret", Secret("at-0")}};
  return input;
}

TEST(DefaultRefresh, Oauth2SendsAFormToItsTokenUrl) {
  HttpRequest sent;
  const HandClock clock;
  const auto output = default_refresh(
      oauth(),
      [&](const HttpRequest& request, MonoTime, const CancelToken&) {
        sent = request;
        return HttpReply{.status = 200, .headers = {}, .body = R"({"access_token":"at-1"})", .error = {}};
      },
      clock);
  EXPECT_EQ(output.outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(sent.url, "http://127.0.0.1:1/token");
  EXPECT_EQ(sent.body, "grant_type=refresh_token&refresh_token=rt%2F1%2B2%3D&client_id=be%20lay%26");
  EXPECT_THAT(sent.headers, ::testing::Contains(::testing::Pair("Content-Type", "application/x-www-form-urlencoded")));
}

TEST(DefaultRefresh, NothingIsSentThatCouldNotBeRecorded) {
  HookInput input = oauth();
  input.before_request = []() -> Result<void> { return fail("disk full"); };
  bool sent = false;
  const HandClock clock;
  const auto output = default_refresh(
      input,
      [&](const HttpRequest&, MonoTime, const CancelToken&) {
        sent = true;
        return HttpReply{};
      },
      clock);
  EXPECT_FALSE(sent);
  EXPECT_EQ(output.outcome, RefreshOutcome::failed_transient);
  EXPECT_EQ(output.message, "disk full");
}

TEST(DefaultRefresh, WithoutARefreshTokenThereIsNothingToDo) {
  HookInput input = oauth();
  std::erase_if(input.fields, [](const Field& field) { return field.name == "refresh_token"; });
  const HandClock clock;
  EXPECT_EQ(default_refresh(input, nullptr, clock).outcome, RefreshOutcome::not_applicable);
}

TEST(DefaultRefresh, AKeyIsReadAgain) {
  HookInput input;
  input.type = "api_key";
  input.fields = {{"secret", Secret("k1")}};
  input.read_source = [](std::string_view) { return Result<Secret>(Secret("k1")); };
  const HandClock clock;
  EXPECT_EQ(default_refresh(input, nullptr, clock).outcome, RefreshOutcome::not_applicable);
  input.read_source = [](std::string_view) { return Result<Secret>(Secret("k2")); };
  const auto output = default_refresh(input, nullptr, clock);
  EXPECT_EQ(output.outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(value_of(output.fields, "secret"), "k2");
}

TEST(DefaultRefresh, AnExecCommandIsRunAgain) {
  HookInput input;
  input.type = "exec";
  input.fields = {{"secret", Secret("t1")}, {"certificate", Secret("c1"), false}};
  std::string printed = "t1";
  input.read_source = [&](std::string_view key) -> Result<Secret> {
    EXPECT_EQ(key, "command");
    return Secret(printed);
  };
  const HandClock clock;
  EXPECT_EQ(default_refresh(input, nullptr, clock).outcome, RefreshOutcome::unchanged);
  printed = "t2";
  EXPECT_EQ(default_refresh(input, nullptr, clock).outcome, RefreshOutcome::refreshed);
  printed =
      R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientCertificateData":"c2","clientKeyData":"k2"}})";
  EXPECT_TRUE(default_refresh(input, nullptr, clock).connection_bound);
  input.read_source = [](std::string_view) -> Result<Secret> { return fail("its command ended with status 1"); };
  EXPECT_EQ(default_refresh(input, nullptr, clock).outcome, RefreshOutcome::failed_transient);
}

TEST(DefaultRefresh, UnknownTypesAreNotItsBusiness) {
  HookInput input;
  input.type = "aws";
  const HandClock clock;
  EXPECT_EQ(default_refresh(input, nullptr, clock).outcome, RefreshOutcome::not_applicable);
}

}  // namespace
}  // namespace belay::credentials
