// Streams: the commit point, limits, back-pressure.
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

UpstreamReply opening() {
  auto reply = UpstreamReply::stream();
  reply.event(R"({"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})");
  return reply;
}

TEST(Stream, TheFailureOfAnOpenedStreamIsInvisible) {
  Upstream broken([](const UpstreamRequest&) {
    auto reply = opening();
    reply.event(R"({"error":{"message":"Provider returned error","code":null}})");
    return reply;
  });
  Upstream good([](const UpstreamRequest&) { return opening().content("he").content("llo").end(); });
  auto runtime = open(settings_of({provider("p", broken.origin()), provider("c", good.origin())}));
  Recorder recorder;

  const auto result = runtime->call(ask("ping", true), &recorder);

  EXPECT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(recorder.text, "hello");
  EXPECT_THAT(recorder.order, ElementsAre("attempt p", "verdict next_target", "attempt c", "commit c", "event", "verdict done", "done"));
}

TEST(Stream, AfterTheCommitPointTheCallerKeepsWhatCame) {
  Upstream broken([](const UpstreamRequest&) {
    auto reply = opening().content("half");
    reply.close = true;
    return reply;
  });
  Upstream spare([](const UpstreamRequest&) { return opening().content("other").end(); });
  auto runtime = open(settings_of({provider("p", broken.origin()), provider("c", spare.origin())}));

  const auto result = runtime->call(ask("ping", true));

  EXPECT_EQ(result.trace.outcome, fallback::Outcome::failed);
  EXPECT_EQ(result.text, "half");
  EXPECT_EQ(spare.requests(), 0u);
}

TEST(Stream, KeepAlivesAreNoProgress) {
  Upstream slow([](const UpstreamRequest&) {
    auto reply = opening();
    for (int i = 0; i < 100; ++i) reply.pieces.push_back({"10\r\n: keep-alive!!\n\n\r\n", std::chrono::milliseconds(20)});
    reply.hold = true;
    return reply;
  });
  auto settings = settings_of({provider("p", slow.origin())});
  settings.routes[0].first_token_timeout = Millis(200);
  auto runtime = open(std::move(settings));

  const auto result = runtime->call(ask("ping", true));

  EXPECT_EQ(result.trace.reason, fallback::Reason::timed_out);
}

TEST(Stream, SilenceBetweenTokensIsBounded) {
  Upstream stalls([](const UpstreamRequest&) {
    auto reply = opening().content("x");
    reply.hold = true;
    return reply;
  });
  auto settings = settings_of({provider("p", stalls.origin())});
  settings.routes[0].idle_timeout = Millis(150);
  auto runtime = open(std::move(settings));

  const auto result = runtime->call(ask("ping", true));

  EXPECT_EQ(result.trace.reason, fallback::Reason::timed_out);
  EXPECT_EQ(result.text, "x");
}

TEST(Stream, ASlowReaderSlowsItsUpstreamAndMemoryIsBounded) {
  const std::string piece(1000, 'x');
  Upstream firehose([&](const UpstreamRequest&) {
    auto reply = opening();
    for (int i = 0; i < 20'000; ++i) reply.content(piece);   // 22 MB
    return reply.end();
  });
  auto settings = settings_of({provider("p", firehose.origin())});
  settings.routes[0].idle_timeout = Millis(100);             // being slow is the reader's right, and no idleness of the upstream
  auto runtime = open(std::move(settings));
  const auto observer = std::make_shared<Recorder>();
  observer->pause_after = 10;
  const auto call = runtime->async_call(ask("ping", true), observer);
  observer->wait_for_events(10);

  // What the kernel's buffers take, then nothing more.
  std::uint64_t before = 0;
  for (int still = 0; still < 20;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    still = firehose.sent() == before ? still + 1 : 0;
    before = firehose.sent();
  }
  const std::size_t paused_at = observer->events;

  EXPECT_LT(before, 12u << 20) << "of 22 MB";
  EXPECT_LT(paused_at, 100u);
  observer->pause_after = ~std::size_t{0};
  call->resume();
  const auto result = observer->wait();
  EXPECT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(result.text.size(), 20'000u * 1000);
}

TEST(Stream, AStreamIsWholeAtItsEndMarkEvenIfTheConnectionStaysOpen) {
  Upstream lingering([](const UpstreamRequest&) {
    auto reply = opening().content("x");
    reply.event("[DONE]");
    reply.hold = true;
    return reply;
  });
  auto runtime = open(settings_of({provider("p", lingering.origin())}));
  const auto begin = std::chrono::steady_clock::now();

  EXPECT_TRUE(runtime->call(ask("ping", true)).ok());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(800));
}

TEST(Stream, ConnectionsAreUsedAgainAfterStreams) {
  Upstream good([](const UpstreamRequest&) { return opening().content("x").end(); });
  auto runtime = open(settings_of({provider("p", good.origin())}));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(runtime->call(ask("ping", true)).ok());
  EXPECT_LE(good.connections(), 3u);
}

}  // namespace
}  // namespace belay::runtime::test
