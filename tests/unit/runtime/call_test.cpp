// Whole calls: synchronous, asynchronous and streamed ones run the same machine and show the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "live.hpp"

namespace belay::runtime::test {
namespace {

using belay::test::Upstream;
using belay::test::UpstreamReply;
using belay::test::UpstreamRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Call, IsAnsweredAndSaysByWhom) {
  Upstream upstream([](const UpstreamRequest&) { return UpstreamReply::completion("pong"); });
  auto runtime = open(settings_of({keyed("p", upstream.origin(), "sk-test-123456")}));

  const auto result = runtime->call(ask("ping"));

  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(result.text, "pong");
  EXPECT_EQ(result.trace.served_by->provider, "p");
  EXPECT_EQ(result.trace.attempts.front().status, 200);
  EXPECT_EQ(result.trace.usage.prompt, 3);
}

TEST(Call, WaitingAndNotWaitingShowTheSame) {
  Upstream dead([](const UpstreamRequest&) { return UpstreamReply::json(401, R"({"error":{"message":"Incorrect API key provided"}})"); });
  Upstream good([](const UpstreamRequest&) { return UpstreamReply::completion("pong"); });
  const auto fresh = [&] { return open(settings_of({keyed("p", dead.origin(), "sk-test-1"), keyed("c", good.origin(), "sk-test-2")})); };

  Recorder waited;
  const auto first = fresh()->call(ask("ping"), &waited);
  const auto observer = std::make_shared<Recorder>();
  auto runtime = fresh();
  runtime->async_call(ask("ping"), observer);
  const auto second = observer->wait();
  const auto third = fresh()->async_call(ask("ping")).get();

  for (const auto* result : {&first, &second, &third}) {
    EXPECT_EQ(result->text, "pong");
    ASSERT_EQ(result->trace.attempts.size(), 2u);
    EXPECT_EQ(result->trace.attempts[0].reason, fallback::Reason::auth_rejected);
    EXPECT_EQ(result->trace.attempts[0].message, "Incorrect API key provided");
    EXPECT_EQ(result->trace.left, fallback::Reason::auth_rejected);
  }
  EXPECT_THAT(waited.order, ElementsAre("attempt p", "verdict next_target", "attempt c", "verdict done", "done"));
  EXPECT_EQ(observer->order, waited.order);
}

TEST(Call, AnUnusableRequestAndAnUnknownRouteAreRefused) {
  auto runtime = open(settings_of({provider("p", "http://127.0.0.1:9")}));
  CallRequest broken;
  broken.body = "{\"messages\":";
  broken.route = "r";
  CallRequest lost = ask("x");
  lost.route = "rr";

  const auto first = runtime->call(broken);
  const auto second = runtime->call(lost);

  EXPECT_EQ(first.trace.reason, fallback::Reason::bad_request);
  EXPECT_THAT(first.error, HasSubstr("line 1"));
  EXPECT_EQ(second.trace.reason, fallback::Reason::model_unavailable);
  EXPECT_THAT(second.error, HasSubstr("did you mean \"r\"?"));
}

TEST(Call, TheModelOfTheRequestNamesRouteProviderOrTarget) {
  std::vector<std::string> models;
  Upstream upstream([&](const UpstreamRequest& request) {
    const auto body = json::parse(request.body);
    models.emplace_back(json::view(*json::find(*body, "model")));
    return UpstreamReply::completion("pong");
  });
  auto runtime = open(settings_of({provider("p", upstream.origin())}));
  for (const char* model : {"r", "auto", "p", "p/other", "p/a/b"}) {
    CallRequest request;
    request.body = std::string(R"({"model":")") + model + R"(","messages":[]})";
    ASSERT_TRUE(runtime->call(request).ok()) << model;
  }
  EXPECT_THAT(models, ElementsAre("m", "m", "m", "other", "a/b"));
}

TEST(Call, CancellingClosesTheUpstreamAtOnce) {
  Upstream upstream([](const UpstreamRequest&) {
    UpstreamReply never;
    never.hold = true;
    return never;
  });
  auto runtime = open(settings_of({provider("p", upstream.origin())}));
  const auto observer = std::make_shared<Recorder>();
  const auto call = runtime->async_call(ask("ping"), observer);
  while (upstream.requests() == 0) std::this_thread::yield();

  call->cancel();
  const auto result = observer->wait();

  EXPECT_EQ(result.trace.outcome, fallback::Outcome::cancelled);
  while (upstream.open() > 0) std::this_thread::yield();   // the test's own time limit ends a failure
}

TEST(Call, EndingTheRuntimeEndsItsCalls) {
  Upstream upstream([](const UpstreamRequest&) {
    UpstreamReply never;
    never.hold = true;
    return never;
  });
  const auto observer = std::make_shared<Recorder>();
  {
    auto runtime = open(settings_of({provider("p", upstream.origin())}));
    runtime->async_call(ask("ping"), observer);
    while (upstream.requests() == 0) std::this_thread::yield();
  }
  EXPECT_EQ(observer->wait().trace.outcome, fallback::Outcome::cancelled);
}

TEST(Call, ASecretThatUpstreamRepeatsIsScrubbed) {
  Upstream upstream([](const UpstreamRequest& request) { return UpstreamReply::json(401, R"({"error":{"message":"bad key )" + request.headers.at("authorization").substr(7) + R"("}})"); });
  auto runtime = open(settings_of({keyed("p", upstream.origin(), "sk-very-secret-value")}));

  const auto result = runtime->call(ask("ping"));

  EXPECT_THAT(error_body(result), Not(HasSubstr("sk-very-secret-value")));
  EXPECT_THAT(result.error, Not(HasSubstr("sk-very-secret-value")));
  EXPECT_THAT(result.trace.attempts[0].message, HasSubstr("bad key"));
}

TEST(Call, TheErrorBodyIsOpenAIsShapeWithTheTrace) {
  Upstream upstream([](const UpstreamRequest&) { return UpstreamReply::json(400, R"({"error":{"message":"no","code":"content_policy_violation"}})"); });
  auto runtime = open(settings_of({provider("p", upstream.origin())}));

  const auto body = json::parse(error_body(runtime->call(ask("ping"))));

  ASSERT_TRUE(body);
  EXPECT_EQ(json::view(*json::at(*body, "/error/code")), "content_refused");
  EXPECT_EQ(json::view(*json::at(*body, "/error/type")), "invalid_request_error");
  EXPECT_EQ(json::at(*body, "/error/trace/attempts/0/status")->GetInt(), 400);
}

TEST(Call, OneCallAtATimeWhereTheRouteSaysSo) {
  std::atomic<int> running{0}, most{0};
  Upstream upstream([&](const UpstreamRequest&) {
    UpstreamReply reply = UpstreamReply::completion("pong");
    reply.pieces[0].after = std::chrono::milliseconds(50);
    return reply;
  });
  auto settings = settings_of({provider("p", upstream.origin())});
  settings.routes[0].max_concurrency = 1;
  auto runtime = open(std::move(settings));
  const auto begin = std::chrono::steady_clock::now();

  std::vector<std::future<CallResult>> calls;
  for (int i = 0; i < 4; ++i) calls.push_back(runtime->async_call(ask("ping")));
  for (auto& call : calls) EXPECT_TRUE(call.get().ok());

  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(200)) << "four times fifty milliseconds, one after the other";
}

TEST(Call, ExplainSendsNothingAndKnowsTheHolds) {
  Upstream upstream([](const UpstreamRequest&) { return UpstreamReply::json(402, R"({"error":{"message":"Insufficient credits"}})"); });
  auto runtime = open(settings_of({keyed("p", upstream.origin(), "sk-test-123456"), provider("c", "http://127.0.0.1:9")}));
  CallRequest direct = ask("x");
  direct.route.reset();
  direct.target = "p";
  runtime->call(direct);

  const auto explained = runtime->explain("r", std::nullopt);

  ASSERT_TRUE(explained);
  EXPECT_EQ(upstream.requests(), 1u);
  ASSERT_EQ(explained->targets.size(), 2u);
  EXPECT_FALSE(explained->targets[0].included);
  EXPECT_THAT(explained->targets[0].state, HasSubstr("held: quota_exhausted"));
  EXPECT_TRUE(explained->targets[1].included);
  EXPECT_EQ(explained->reasons.size(), fallback::reason_count);
  EXPECT_FALSE(runtime->explain("nope", std::nullopt));
}

TEST(Call, ResetLiftsWhatIsNamed) {
  Upstream upstream([](const UpstreamRequest&) { return UpstreamReply::json(404, R"({"error":{"message":"model not found"}})"); });
  auto runtime = open(settings_of({provider("p", upstream.origin())}));
  runtime->call(ask("x"));
  ASSERT_EQ(runtime->status().holds.size(), 1u);

  EXPECT_EQ(*runtime->reset("p/other"), 0);
  EXPECT_EQ(*runtime->reset("p/m"), 1);
  EXPECT_FALSE(runtime->reset("q"));
  EXPECT_FALSE(runtime->reset("p#main")) << "it is keyless";
}

}  // namespace
}  // namespace belay::runtime::test
