// What the plugin says of failures, through its ABI. The words themselves are tested with the SDK; here is what goes
// around them.
#include "plugin.hpp"

#include <future>

namespace belay::openai::test {
namespace {

Verdict of(int status, std::string body) { return account().classify({.status = status, .body = std::move(body)}); }

TEST(Classify, WordsThatAreNoUtf8AreShownAsFarAsTheyAre) {
  EXPECT_EQ(of(400, "caf\xC3\xA9 \xFF\xC0\xAF\xED\xA0\x80 end \xE6\xBC").message, "caf\xC3\xA9 ?????? end ??");
}

struct Row {
  int status;
  const char* body;
  std::uint32_t reason;
};

TEST(Classify, StatusesAndBodies) {
  const Row rows[] = {
      {401, "", BELAY_REASON_AUTH_REJECTED},
      {400, R"({"error":{"message":"Incorrect API key provided"}})", BELAY_REASON_AUTH_REJECTED},
      {403, R"({"error":{"message":"Invalid API key"}})", BELAY_REASON_AUTH_REJECTED},
      {402, "<html></html>", BELAY_REASON_QUOTA_EXHAUSTED},
      {429, R"({"error":{"code":"insufficient_quota","message":"x"}})", BELAY_REASON_QUOTA_EXHAUSTED},
      {403, R"({"error":{"message":"You are out of credits"}})", BELAY_REASON_QUOTA_EXHAUSTED},
      {429, "", BELAY_REASON_RATE_LIMITED},
      {503, "", BELAY_REASON_OVERLOADED},
      {529, "", BELAY_REASON_OVERLOADED},
      {403, R"({"error":{"type":"server_error","message":"x"}})", BELAY_REASON_OVERLOADED},
      {500, "", BELAY_REASON_SERVER_ERROR},
      {502, "<html><title>502 Bad Gateway</title></html>", BELAY_REASON_SERVER_ERROR},
      {408, "", BELAY_REASON_TIMED_OUT},
      {404, "", BELAY_REASON_MODEL_UNAVAILABLE},
      {410, "", BELAY_REASON_MODEL_UNAVAILABLE},
      {400, R"({"error":{"code":"model_not_supported","message":"x"}})", BELAY_REASON_MODEL_UNAVAILABLE},
      {403, "", BELAY_REASON_PERMISSION_DENIED},
      {418, "", BELAY_REASON_PERMISSION_DENIED},
      {400, R"({"error":{"code":"context_length_exceeded","message":"x"}})", BELAY_REASON_CONTEXT_TOO_LONG},
      {413, "", BELAY_REASON_REQUEST_TOO_LARGE},
      {451, "", BELAY_REASON_CONTENT_REFUSED},
      {400, R"({"error":{"code":"content_filter","message":"x"}})", BELAY_REASON_CONTENT_REFUSED},
      {400, "", BELAY_REASON_BAD_REQUEST},
      {422, "[]", BELAY_REASON_BAD_REQUEST},
  };
  for (const auto& row : rows) {
    const auto verdict = of(row.status, row.body);
    EXPECT_EQ(verdict.status, BELAY_OK);
    EXPECT_EQ(verdict.reason, row.reason) << row.status << " " << row.body;
    EXPECT_EQ(verdict.scope, BELAY_SCOPE_DEFAULT);
  }
}

TEST(Classify, TheRemedyComesWithIt) {
  const auto renamed = of(
      400,
      R"({"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens","code":"unsupported_parameter"}})");
  EXPECT_EQ(renamed.reason, BELAY_REASON_UNSUPPORTED_PARAMETER);
  EXPECT_EQ(renamed.parameter, "max_tokens");
  EXPECT_EQ(renamed.rename, "max_completion_tokens");
  EXPECT_EQ(of(402, R"({"error":{"message":"You requested up to 65536 tokens, but can only afford 7117."}})")
                .affordable_tokens,
            7117);
  EXPECT_EQ(of(429, R"({"error":{"message":"Please try again in 1.5s"}})").retry_after_ms, 1500);
  EXPECT_EQ(of(429, R"([{"error":{"message":"x","details":[{"retryDelay":"30s"}]}}])").retry_after_ms, 30'000);
  EXPECT_EQ(of(429, R"({"error":{"message":"x","resets_at":1767225600}})").reset_unix_ms, 1'767'225'600'000);
  EXPECT_EQ(of(429, R"({"error":{"message":"usage limit reached, resets in 3hr 20min"}})").retry_after_ms, 12'000'000);
  const auto nothing = of(429, "");
  EXPECT_EQ(nothing.retry_after_ms, -1);
  EXPECT_EQ(nothing.reset_unix_ms, -1);
  EXPECT_EQ(nothing.affordable_tokens, -1);
}

TEST(Classify, UpstreamsOwnWordsAreTold) {
  EXPECT_EQ(of(500, R"({"error":{"message":"The server had an error"}})").message, "The server had an error");
  EXPECT_EQ(
      of(429,
         R"({"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"{\"error\":{\"message\":\"slow down\"}}"}}})")
          .message,
      "slow down");
  EXPECT_EQ(of(422, R"({"detail":[{"loc":["body","x"],"msg":"Field required"}]})").message, "Field required");
  EXPECT_EQ(of(502, "<html><head><title>502 Bad Gateway</title></head></html>").message, "502 Bad Gateway");
  EXPECT_EQ(of(500, "plain words").message, "plain words");
}

TEST(Classify, AnErrorInsideA200IsReadLikeOne) {
  const auto in_reply = [](Failed failed) {
    failed.kind = BELAY_FAILURE_IN_REPLY;
    failed.status = 200;
    return account().classify(failed).reason;
  };
  EXPECT_EQ(in_reply({.body = R"({"error":{"code":401,"message":"x"}})"}), BELAY_REASON_AUTH_REJECTED);
  EXPECT_EQ(in_reply({.code = "insufficient_quota", .message = "x"}), BELAY_REASON_QUOTA_EXHAUSTED);
  EXPECT_EQ(in_reply({.body = R"({"error":{"code":"429","message":"x"}})"}), BELAY_REASON_RATE_LIMITED);
  EXPECT_EQ(in_reply({.body = R"({"error":{"message":"Provider returned error","code":null}})"}), BELAY_REASON_UNKNOWN);
}

TEST(Classify, WhatIsNoErrorIsLeftToTheHost) {
  EXPECT_EQ(account().classify({.kind = BELAY_FAILURE_CUT, .status = 200}).reason, BELAY_REASON_UNKNOWN);
  EXPECT_EQ(account().classify({.kind = BELAY_FAILURE_INVALID, .status = 200, .body = "{}"}).reason,
            BELAY_REASON_UNKNOWN);
  EXPECT_EQ(account().classify({.kind = 99, .status = 429}).reason, BELAY_REASON_UNKNOWN) << "a kind of a later host";
  EXPECT_EQ(of(302, "").reason, BELAY_REASON_UNKNOWN);
}

TEST(Classify, AHostWithoutJsonGetsAnAnswerToo) {
  auto instance = account();
  host().has_services = false;
  const auto verdict = instance.classify({.status = 429, .body = R"({"error":{"code":"insufficient_quota"}})"});
  host().has_services = true;
  EXPECT_EQ(verdict.reason, BELAY_REASON_QUOTA_EXHAUSTED);
}

TEST(Classify, ManyThreadsGetTheSameAnswer) {
  const auto instance = account();
  std::vector<std::future<Verdict>> answers;
  for (int i = 0; i < 16; ++i) {
    answers.push_back(std::async(std::launch::async, [&] {
      Verdict last;
      for (int n = 0; n < 50; ++n)
        last = instance.classify({.status = 429, .body = R"({"error":{"message":"try again in 2s"}})"});
      return last;
    }));
  }
  for (auto& answer : answers) {
    const auto verdict = answer.get();
    EXPECT_EQ(verdict.reason, BELAY_REASON_RATE_LIMITED);
    EXPECT_EQ(verdict.retry_after_ms, 2000);
  }
}

TEST(Refresh, IsTheHostsOwn) {
  host().refresh = [](const belay_refresh_in& in, belay_refresh_out& out, const belay_field_sink& sink, belay_error*) {
    EXPECT_EQ(in.cause, BELAY_CAUSE_REJECTED);
    EXPECT_EQ(in.failed_generation, 3u);
    sink.emit(sink.host, {"secret", 6}, {"at-2", 4}, BELAY_SECRET);
    out.outcome = BELAY_REFRESHED;
    return BELAY_OK;
  };
  auto instance = account();
  const auto answer = instance.refresh(BELAY_CAUSE_REJECTED,
                                       {.type = "oauth2", .fields = {{"secret", "at-1"}, {"refresh_token", "rt-1"}}});
  host().refresh = nullptr;

  EXPECT_EQ(answer.answer.status, BELAY_OK);
  EXPECT_EQ(answer.out.outcome, BELAY_REFRESHED);
  EXPECT_EQ(answer.fields, (Pairs{{"secret", "at-2"}}));
  EXPECT_EQ(answer.secrets, std::vector<std::string>{"secret"});
}

}  // namespace
}  // namespace belay::openai::test
