#include "token_reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;
constexpr UnixMs now = 1'800'000'000'000;

HookOutput reply(int status, std::string body, std::vector<std::pair<std::string, std::string>> headers = {}) {
  return read_token_reply({.status = status, .headers = std::move(headers), .body = std::move(body), .error = {}}, now);
}

TEST(TokenReply, NewTokens) {
  const HookOutput output = reply(200, R"({"access_token":"at","refresh_token":"rt","expires_in":3600})");
  EXPECT_EQ(output.outcome, RefreshOutcome::refreshed);
  ASSERT_EQ(output.fields.size(), 2U);
  EXPECT_EQ(output.fields[0].name, "secret");
  EXPECT_EQ(output.fields[0].value.reveal(), "at");
  EXPECT_EQ(output.fields[1].value.reveal(), "rt");
  EXPECT_EQ(output.expires, now + 3'600'000);
}

TEST(TokenReply, WithoutARefreshTokenTheOldOneStays) {
  EXPECT_EQ(reply(200, R"({"access_token":"at"})").fields.size(), 1U);
  EXPECT_EQ(reply(200, R"({"access_token":"at","refresh_token":null})").fields.size(), 1U);
}

TEST(TokenReply, LifetimesThatMakeNoSenseCountAsNotTold) {
  for (const char* lifetime : {"0", "-5", "\"x\"", "null", "\"\"", "[]"}) {
    EXPECT_EQ(reply(200, std::string(R"({"access_token":"at","expires_in":)") + lifetime + "}").expires, std::nullopt)
        << lifetime;
  }
  EXPECT_EQ(reply(200, R"({"access_token":"at","expires_in":"60"})").expires, now + 60'000);
}

TEST(TokenReply, EveryFailureHasItsOutcome) {
  using enum RefreshOutcome;
  const std::vector<std::tuple<int, std::string, RefreshOutcome>> cases{
      {500, R"({"error":"invalid_grant"})", failed_transient},
      {503, "<html>", failed_transient},
      {302, "", failed_transient},
      {429, R"({"error":"slow_down"})", failed_transient},
      {404, "<html>not here</html>", failed_transient},
      {403, R"({"message":"no"})", failed_transient},
      {200, "<html>log in</html>", failed_transient},
      {200, R"({"access_token":""})", failed_transient},
      {200, R"({"access_token":"a\nb"})", failed_transient},
      {200, R"({"access_token":"at","refresh_token":7})", failed_transient},
      {400, R"({"error":"invalid_grant","error_description":"revoked"})", failed_permanent},
      {401, R"({"error":"invalid_client"})", failed_permanent},
      {200, R"({"error":"invalid_grant"})", failed_permanent},
      {400, R"({"error":{"code":"refresh_token_reused","message":"again"}})", failed_permanent},
      {400, R"({"error":"temporarily_unavailable"})", failed_transient},
      {400, R"({"error":"interaction_required"})", needs_interaction},
      {400, R"({"error":"login_required"})", needs_interaction},
      {400, R"({"error":"consent_required"})", needs_interaction}};
  for (const auto& [status, body, outcome] : cases)
    EXPECT_EQ(reply(status, body).outcome, outcome) << status << ' ' << body;
}

TEST(TokenReply, SaysWhatUpstreamSaid) {
  EXPECT_EQ(reply(400, R"({"error":"invalid_grant","error_description":"Token has been revoked."})").message,
            "invalid_grant: Token has been revoked.");
  EXPECT_THAT(read_token_reply({.status = 0, .headers = {}, .body = {}, .error = "connection refused"}, now).message,
              HasSubstr("connection refused"));
}

TEST(TokenReply, RetryAfterInSecondsOrAsADate) {
  EXPECT_EQ(reply(503, "", {{"Retry-After", "7"}}).retry_after, Millis(7000));
  EXPECT_EQ(reply(503, "", {{"retry-after", "Fri, 15 Jan 2027 08:00:09 GMT"}}).retry_after, Millis(9000));
  EXPECT_EQ(reply(503, "", {{"retry-after", "soon"}}).retry_after, std::nullopt);
  EXPECT_EQ(reply(503, "").retry_after, std::nullopt);
}

}  // namespace
}  // namespace belay::credentials
