// DESIGN 4.1: one function decides what a reply means; a plugin proposes, the host's table fills in.
#include "fallback/classify.hpp"

#include <gtest/gtest.h>

namespace belay::fallback {
namespace {

constexpr UnixMs now = 1'790'000'000'000;

Failing of(int status, std::string_view body, const Proposal& proposal = {}, const Headers& headers = {}) {
  return classify(status, headers, body, error_text(body), proposal, now);
}

std::string reason(int status, std::string_view body) { return std::string(to_string(of(status, body).reason)); }

TEST(Classify, StatusesWithoutWords) {
  const std::pair<int, const char*> table[] = {
      {400, "bad_request"},       {401, "auth_rejected"},      {402, "quota_exhausted"},  {403, "permission_denied"}, {404, "model_unavailable"},
      {405, "permission_denied"}, {408, "timed_out"},          {409, "permission_denied"}, {410, "model_unavailable"}, {413, "request_too_large"},
      {418, "permission_denied"}, {422, "bad_request"},        {429, "rate_limited"},     {451, "content_refused"},   {500, "server_error"},
      {502, "server_error"},      {503, "overloaded"},         {504, "server_error"},     {529, "overloaded"},        {599, "server_error"},
      {301, "invalid_reply"},     {304, "invalid_reply"}};
  for (const auto& [status, expected] : table) EXPECT_EQ(reason(status, ""), expected) << status;
}

TEST(Classify, WordsBeatTheStatusWhereTheDesignSaysSo) {
  EXPECT_EQ(reason(400, R"({"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}})"), "auth_rejected");
  EXPECT_EQ(reason(403, R"({"error":{"message":"Invalid API key"}})"), "auth_rejected");
  EXPECT_EQ(reason(403, R"({"error":{"message":"Key limit exceeded (monthly limit)."}})"), "quota_exhausted");
  EXPECT_EQ(reason(429, R"({"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}})"), "quota_exhausted");
  EXPECT_EQ(reason(403, R"({"error":{"type":"server_error","message":"upstream failed"}})"), "overloaded");
  EXPECT_EQ(reason(400, R"({"error":{"code":"context_length_exceeded","message":"maximum context length is 8000 tokens"}})"), "context_too_long");
  EXPECT_EQ(reason(400, R"({"error":{"message":"Unsupported parameter: 'top_k'","param":"top_k"}})"), "unsupported_parameter");
}

TEST(Classify, AnErrorInA200IsReadLikeAnHttpError) {
  EXPECT_EQ(reason(200, R"({"error":{"code":429,"message":"Rate limit exceeded"}})"), "rate_limited");
  EXPECT_EQ(reason(200, R"({"error":{"code":401,"message":"User not found."}})"), "auth_rejected");
  EXPECT_EQ(reason(200, R"({"error":{"message":"Provider returned error","code":null}})"), "invalid_reply");
}

TEST(Classify, APluginsProposalCountsAndItsScopeMayOnlyNarrow) {
  const Failing narrowed = of(429, "", {.reason = BELAY_REASON_QUOTA_EXHAUSTED, .scope = BELAY_SCOPE_TARGET});
  EXPECT_EQ(narrowed.reason, Reason::quota_exhausted);
  EXPECT_EQ(narrowed.scope, Scope::target);

  EXPECT_EQ(of(500, "", {.reason = BELAY_REASON_SERVER_ERROR, .scope = BELAY_SCOPE_CREDENTIAL}).scope, Scope::target) << "wider than the table: ignored";
  EXPECT_EQ(of(500, "", {.reason = BELAY_REASON_SERVER_ERROR, .scope = BELAY_SCOPE_REQUEST}).scope, Scope::none);
  EXPECT_EQ(of(500, "", {.reason = 4711}).reason, Reason::server_error) << "a number of a newer plugin is UNKNOWN";
}

TEST(Classify, AParameterWithoutWhichThereIsNoRequestIsABadRequest) {
  EXPECT_EQ(of(400, "", {.reason = BELAY_REASON_UNSUPPORTED_PARAMETER, .message = "", .parameter = "messages"}).reason, Reason::bad_request);
  EXPECT_EQ(of(400, "", {.reason = BELAY_REASON_UNSUPPORTED_PARAMETER}).reason, Reason::bad_request) << "no parameter is named";
}

TEST(Classify, TheMostExactTimeCounts) {
  EXPECT_EQ(of(429, "", {.retry_after_ms = 9000}, {{"retry-after", "2"}}).retry_after, Millis(2000));
  EXPECT_EQ(of(429, "", {.retry_after_ms = 9000}).retry_after, Millis(9000));
  EXPECT_EQ(of(429, "", {.reset_unix_ms = now + 5000}).retry_after, Millis(5000));
  EXPECT_EQ(of(429, "", {.reset_unix_ms = now - 5000}).retry_after, std::nullopt);
}

TEST(Classify, MessagesAreUpstreamsOwnWordsCut) {
  EXPECT_EQ(of(401, R"({"error":{"message":"Incorrect API key provided"}})").message, "Incorrect API key provided");
  EXPECT_EQ(of(502, "<html><head><title>502 Bad Gateway</title></head></html>").message, "502 Bad Gateway");
  EXPECT_EQ(of(500, "").message, "HTTP 500");
  EXPECT_LE(of(500, std::string(100'000, 'x')).message.size(), 520u);
}

TEST(ErrorText, EveryShapeIsRead) {
  const std::pair<const char*, const char*> table[] = {
      {R"({"error":{"message":"a"}})", "a"},
      {R"({"error":"a"})", "a"},
      {R"({"error":"code","error_description":"a"})", "a"},
      {R"({"error":"code","message":"a"})", "a"},
      {R"({"message":"a"})", "a"},
      {R"({"detail":"a"})", "a"},
      {R"({"detail":[{"loc":["body","x"],"msg":"a","type":"extra_forbidden"}]})", "a"},
      {R"([{"error":{"message":"a"}}])", "a"},
      {R"({"errors":[{"message":"a"}]})", "a"},
      {R"({"error":{"message":"Provider returned error","metadata":{"raw":"{\"error\":{\"message\":\"a\"}}"}}})", "Provider returned error: a"},
      {"a", "a"},
      {"", ""},
      {"{not json", "{not json"},
  };
  for (const auto& [body, expected] : table) EXPECT_EQ(error_text(body).message, expected) << body;
  EXPECT_EQ(error_text(R"({"detail":[{"loc":["body","x"],"msg":"a"}]})").parameter, "x");
  EXPECT_EQ(error_text(R"({"error":{"status":"RESOURCE_EXHAUSTED","message":"m"}})").type, "RESOURCE_EXHAUSTED");
}

TEST(ErrorText, HostileBodiesAreBounded) {
  EXPECT_NO_FATAL_FAILURE(error_text(std::string(1'000'000, '[')));
  EXPECT_EQ(error_text("\xff\xfe bad").message.find('\xff'), std::string::npos);
}

}  // namespace
}  // namespace belay::fallback
