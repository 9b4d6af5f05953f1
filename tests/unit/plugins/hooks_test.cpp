// classify_error, refresh_credentials, login, and the services that a plugin may use meanwhile.
#include <algorithm>
#include <thread>

#include "belay/ext/random.h"
#include "belay/ext/secret.h"
#include "context.hpp"
#include "fixtures.hpp"
#include "host_table.hpp"

namespace belay::plugins {
namespace {

/// What the runtime does during a hook, written down.
struct FakeHook : RefreshServices {
  CancelToken token;
  std::string asked;
  Answer default_answer;
  std::uint32_t default_outcome = BELAY_REFRESHED;

  const CancelToken& cancel() override { return token; }
  HttpReply http(const belay_http_request& request) override {
    asked = text_of(request.method) + " " + text_of(request.url) + " " +
            std::string(reinterpret_cast<const char*>(request.body.ptr), request.body.len) +
            ((request.flags & BELAY_SECRET) != 0 ? " secret" : "");
    HttpReply reply;
    reply.status = 200;
    reply.headers = {{"content-type", "text/plain"}};
    reply.body = "fresh-access-token";
    return reply;
  }
  Result<std::string> read_source(std::string_view source) override { return "value of " + std::string(source); }
  Answer default_refresh(const belay_refresh_in& in, belay_refresh_out& out,
                         std::vector<EmittedField>& fields) override {
    asked = "default " + text_of(in.id);
    out.outcome = default_outcome;
    out.expires_unix_ms = 77;
    fields.push_back({"secret", "fresh-access-token", true});
    return default_answer;
  }
};

belay_refresh_in refresh_of(std::string_view id = "main") {
  belay_refresh_in in{};
  in.cause = BELAY_CAUSE_REJECTED;
  in.id = lent(id);
  in.type = lent("oauth2");
  in.failed_generation = 3;
  in.fields = {nullptr, 0, sizeof(belay_field)};
  in.attempt = 1;
  return in;
}

struct Refreshed {
  Answer answer;
  belay_refresh_out out{};
  std::vector<EmittedField> fields;
};

Refreshed refresh(Instance& instance, FakeHook& hook) {
  Refreshed refreshed;
  refreshed.answer = instance.refresh(refresh_of(), refreshed.out, refreshed.fields, hook);
  return refreshed;
}

TEST(Refresh, DefaultOfTheHostIsReachedThroughThePlugin) {
  FakeHook hook;
  const auto refreshed = refresh(*instance_of("good"), hook);

  EXPECT_EQ(refreshed.answer.status, Status::ok) << refreshed.answer.text;
  EXPECT_EQ(hook.asked, "default main");
  EXPECT_EQ(refreshed.out.outcome, BELAY_REFRESHED);
  EXPECT_EQ(refreshed.out.expires_unix_ms, 77);
  ASSERT_EQ(refreshed.fields.size(), 1u);
  EXPECT_EQ(refreshed.fields[0].name, "secret");
  EXPECT_EQ(refreshed.fields[0].value, "fresh-access-token");
  EXPECT_TRUE(refreshed.fields[0].secret);
}

TEST(Refresh, ReasonOfAFailureIsTold) {
  FakeHook hook;
  hook.default_outcome = BELAY_FAILED_PERMANENT;
  hook.default_answer = {Status::ok, "invalid_grant"};
  const auto refreshed = refresh(*instance_of("good"), hook);

  EXPECT_EQ(refreshed.out.outcome, BELAY_FAILED_PERMANENT);
  EXPECT_EQ(refreshed.answer.text, "invalid_grant");
  EXPECT_TRUE(refreshed.fields.empty());
}

TEST(Refresh, ServicesOfTheHookWork) {
  FakeHook hook;
  const auto refreshed = refresh(*instance_of("refresh-by-services"), hook);

  EXPECT_EQ(refreshed.answer.status, Status::ok) << refreshed.answer.text;
  EXPECT_EQ(hook.asked, "POST https://login.example.org/token a=b secret");
  ASSERT_EQ(refreshed.fields.size(), 3u);
  EXPECT_EQ(refreshed.fields[0].value, "text/plain");
  EXPECT_EQ(refreshed.fields[1].value, "fresh-access-token");
  EXPECT_EQ(refreshed.fields[2].name, "client_secret");
  EXPECT_EQ(refreshed.fields[2].value, "value of client_secret");
}

TEST(Refresh, UnknownOutcomeIsTransient) {
  FakeHook hook;
  const auto instance = instance_of("refresh-unknown-outcome");
  const auto refreshed = refresh(*instance, hook);

  EXPECT_EQ(refreshed.out.outcome, BELAY_FAILED_TRANSIENT);
  EXPECT_TRUE(refreshed.fields.empty());
  EXPECT_EQ(instance->fault(), std::nullopt);
}

TEST(Refresh, FieldsCountOnlyWithRefreshed) {
  FakeHook hook;
  const auto refreshed = refresh(*instance_of("refresh-unchanged-with-fields"), hook);

  EXPECT_EQ(refreshed.out.outcome, BELAY_UNCHANGED);
  EXPECT_TRUE(refreshed.fields.empty());
}

TEST(Refresh, RefreshedWithoutAFieldIsUnchanged) {
  FakeHook hook;
  EXPECT_EQ(refresh(*instance_of("refresh-nothing-new"), hook).out.outcome, BELAY_UNCHANGED);
}

TEST(Refresh, WhatAPersonMustDoIsKept) {
  FakeHook hook;
  const auto refreshed = refresh(*instance_of("refresh-needs-interaction"), hook);

  EXPECT_EQ(refreshed.out.outcome, BELAY_NEEDS_INTERACTION);
  EXPECT_EQ(refreshed.answer.text, "log in at https://login.example.org");
}

TEST(Refresh, ErrorIsTransientAndTellsNoNewSecret) {
  FakeHook hook;
  const auto refreshed = refresh(*instance_of("refresh-error"), hook);

  EXPECT_EQ(refreshed.answer.status, Status::internal);
  EXPECT_EQ(refreshed.answer.text, "could not, with [secret]");
  EXPECT_EQ(refreshed.out.outcome, BELAY_FAILED_TRANSIENT);
  EXPECT_TRUE(refreshed.fields.empty());
}

TEST(Refresh, FieldNamesHaveAForm) {
  FakeHook hook;
  const auto instance = instance_of("refresh-bad-field");
  const auto refreshed = refresh(*instance, hook);

  EXPECT_EQ(refreshed.answer.status, Status::fault);
  EXPECT_EQ(refreshed.out.outcome, BELAY_FAILED_TRANSIENT);
  EXPECT_THAT(instance->fault().value_or(""),
              testing::HasSubstr("in refresh_credentials(): it emitted a field whose name is none"));
}

TEST(Refresh, FieldValuesHaveALimit) {
  FakeHook hook;
  const auto instance = instance_of("refresh-huge-field");

  EXPECT_EQ(refresh(*instance, hook).answer.status, Status::fault);
  EXPECT_THAT(instance->fault().value_or(""),
              testing::HasSubstr("it emitted a field whose value is no UTF-8 or has more than 64 KiB"));
}

TEST(Login, ShowsThePromptAndEmitsTheLogin) {
  FakeHook hook;
  const auto instance = instance_of("with-login");
  ASSERT_TRUE(instance->has_login());
  Refreshed got;
  std::string shown;

  got.answer = instance->login(
      refresh_of(),
      [&](std::string_view url, std::string_view code, std::int64_t expires) {
        shown = std::string(url) + " " + std::string(code) + " " + std::to_string(expires);
        return true;
      },
      got.out, got.fields, hook);

  EXPECT_EQ(got.answer.status, Status::ok) << got.answer.text;
  EXPECT_EQ(shown, "https://login.example.org/device ABCD-EFGH 5000");
  ASSERT_EQ(got.fields.size(), 1u);
  EXPECT_EQ(got.fields[0].value, "fresh-refresh-token");
}

TEST(Login, NobodyThereCancels) {
  FakeHook hook;
  Refreshed got;
  got.answer = instance_of("with-login")
                   ->login(
                       refresh_of(), [](auto, auto, auto) { return false; }, got.out, got.fields, hook);

  EXPECT_EQ(got.answer.status, Status::cancelled);
  EXPECT_EQ(got.out.outcome, BELAY_REFRESH_CANCELLED);
}

TEST(Login, PluginWithoutOneSaysSo) {
  FakeHook hook;
  Refreshed got;
  const auto instance = instance_of("good");

  EXPECT_FALSE(instance->has_login());
  EXPECT_EQ(instance
                ->login(
                    refresh_of(), [](auto, auto, auto) { return true; }, got.out, got.fields, hook)
                .status,
            Status::unsupported);
}

TEST(Services, OfTheHookEndWithIt) {
  FakeHook hook;
  const auto instance = instance_of("services-outside-of-hook");
  ASSERT_EQ(refresh(*instance, hook).answer.status, Status::ok);
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  ASSERT_TRUE(instance->begin(request, nullptr, exchange).ok());
  OutgoingRequest written;

  const auto answer = exchange->build_request(written);

  EXPECT_FALSE(answer.ok());
  EXPECT_EQ(answer.text, "this service is for the thread of refresh_credentials() or login(), while it runs");
}

TEST(Services, OfTheHookAreForItsThread) {
  FakeHook hook;
  Context context;
  context.hook = &hook;
  context.thread = std::this_thread::get_id();
  const ContextHandle handle(context);
  ASSERT_NE(hook_of(handle.raw()), nullptr);
  bool elsewhere = true;

  std::thread([&] { elsewhere = hook_of(handle.raw()) != nullptr; }).join();

  EXPECT_FALSE(elsewhere);
}

TEST(Services, HandleThatEndedLeadsNowhere) {
  belay_ctx* kept = nullptr;
  {
    const ContextHandle handle(Context{});
    kept = handle.raw();
    EXPECT_NE(context_of(kept), nullptr);
  }
  EXPECT_EQ(context_of(kept), nullptr);
  EXPECT_EQ(context_of(nullptr), nullptr);
}

TEST(Services, NotesAreKeptByProviderAndNotWithinAnExchange) {
  services().notes.clear();
  auto first = fixtures().make("keeps-notes", {"a", "http://127.0.0.1:9", "{}", ""});
  auto second = fixtures().make("keeps-notes", {"a", "http://127.0.0.1:9", "{}", ""});
  ASSERT_TRUE(first && second);

  EXPECT_EQ(services().notes["a/made"], "2");
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  ASSERT_TRUE((*first)->begin(request, nullptr, exchange).ok());
  OutgoingRequest written;
  EXPECT_EQ(exchange->build_request(written).text,
            "belay.state/1 is for [control], [refresh] and [transport], with a ctx that has not ended");
  EXPECT_EQ(services().notes["a/made"], "2");
}

TEST(Services, RandomFillsAllOfIt) {
  const auto* random = static_cast<const belay_random*>(host_table().get_extension(lent(BELAY_RANDOM_ID)));
  std::vector<std::uint8_t> bytes(10'000, 0);

  random->fill(bytes.data() + 1, bytes.size() - 2);

  EXPECT_EQ(bytes.front(), 0);
  EXPECT_EQ(bytes.back(), 0);
  EXPECT_LT(std::count(bytes.begin(), bytes.end(), 0), 200);
}

TEST(Services, UnknownOnesAreAbsent) {
  EXPECT_EQ(host_table().get_extension(lent("belay.json/2")), nullptr);
  EXPECT_EQ(host_table().get_extension(lent("belay.json/1x")), nullptr);
  EXPECT_EQ(host_table().get_extension({nullptr, 0}), nullptr);
}

TEST(Log, SecretsAreTakenOutAndLinesAreLimited) {
  const std::string key = "sk-logged-0123456789";
  const Secret known(key);
  const LentCredential credential(key);
  const auto instance = instance_of("logs");
  const auto request = request_of();
  std::unique_ptr<Exchange> exchange;
  OutgoingRequest written;
  ASSERT_TRUE(instance->begin(request, &credential.raw, exchange).ok());

  testing::internal::CaptureStderr();
  const auto answer = exchange->build_request(written);
  const std::string log = testing::internal::GetCapturedStderr();

  EXPECT_TRUE(answer.ok());
  EXPECT_THAT(log, testing::HasSubstr("[plugin org.belay.fixture 1.2.0|logs] [secret]"));
  EXPECT_EQ(log.find(key), std::string::npos);
  // 20 a second; the 50 calls may straddle the end of one.
  EXPECT_LE(std::count(log.begin(), log.end(), '\n'), 40);
}

TEST(Classify, WordsArriveAsTheHostsOwn) {
  const auto instance = instance_of("good");
  belay_failure failure{};
  failure.size = sizeof failure;
  failure.kind = BELAY_FAILURE_STATUS;
  failure.status = 401;
  const std::string body = "no such key";
  failure.body = {reinterpret_cast<const std::uint8_t*>(body.data()), body.size()};
  Classification verdict;

  const auto answer = instance->classify(failure, verdict);

  EXPECT_EQ(answer.status, Status::ok);
  EXPECT_EQ(verdict.reason, BELAY_REASON_AUTH_REJECTED);
  EXPECT_EQ(verdict.message, "no such key");
  EXPECT_EQ(verdict.retry_after_ms, -1);
}

TEST(Classify, NonsenseIsReadAsNotTold) {
  const auto instance = instance_of("classification-nonsense");
  belay_failure failure{};
  failure.size = sizeof failure;
  Classification verdict;

  EXPECT_EQ(instance->classify(failure, verdict).status, Status::ok);
  EXPECT_EQ(verdict.reason, BELAY_REASON_UNKNOWN);
  EXPECT_EQ(verdict.scope, BELAY_SCOPE_DEFAULT);
  EXPECT_EQ(verdict.retry_after_ms, -1);
  EXPECT_EQ(verdict.affordable_tokens, -1);
  EXPECT_EQ(verdict.message, "bad \xef\xbf\xbd byte");
  EXPECT_EQ(verdict.parameter, "");
  EXPECT_EQ(instance->fault(), std::nullopt);
}

TEST(Classify, TextBeyondItsRoomIsABreach) {
  const auto instance = instance_of("classification-overrun");
  belay_failure failure{};
  failure.size = sizeof failure;
  Classification verdict;

  EXPECT_EQ(instance->classify(failure, verdict).status, Status::fault);
  EXPECT_THAT(instance->fault().value_or(""),
              testing::HasSubstr("in classify_error(): it wrote beyond the room for its texts"));
}

TEST(Create, RefusalCarriesThePluginsWords) {
  const auto made = fixtures().make("create-fails", {"spare", "http://127.0.0.1:9", "{}", ""});

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "provider.spare: region is missing");
}

TEST(Create, NoInstanceIsABreach) {
  const auto made = fixtures().make("create-null", {"spare", "http://127.0.0.1:9", "{}", ""});

  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message,
              testing::HasSubstr("broke its contract in create(): it answered OK and gave no instance"));
}

}  // namespace
}  // namespace belay::plugins
