// Many calls at once.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "live.hpp"

namespace belay::runtime::test {
namespace {

using belay::test::Upstream;
using belay::test::UpstreamReply;
using belay::test::UpstreamRequest;

TEST(ManyCalls, AThousandAreInFlightOnOneThread) {
  std::atomic<int> waiting{0};
  Upstream upstream([&](const UpstreamRequest&) {
    UpstreamReply reply = UpstreamReply::completion("pong");
    reply.pieces[0].after = std::chrono::milliseconds(1500);
    ++waiting;
    return reply;
  });
  auto runtime = open(settings_of({keyed("p", upstream.origin(), "sk-test-123456")}));

  std::vector<std::future<CallResult>> calls;
  for (int i = 0; i < 1000; ++i) calls.push_back(runtime->async_call(ask("ping")));
  int answered = 0;
  for (auto& call : calls) answered += call.get().ok() ? 1 : 0;

  EXPECT_EQ(answered, 1000);
  EXPECT_EQ(upstream.connections(), 1000u) << "all of them waited for their answers at the same time";
}

TEST(ManyCalls, FromManyThreadsWithFallbackNoneIsLost) {
  std::atomic<int> turn{0};
  Upstream moody([&](const UpstreamRequest&) {
    switch (turn++ % 4) {
      case 0: return UpstreamReply::json(500, R"({"error":{"message":"oops"}})");
      case 1: return UpstreamReply::json(404, R"({"error":{"message":"model not found"}})");
      default: return UpstreamReply::completion("pong");
    }
  });
  Upstream good([](const UpstreamRequest&) { return UpstreamReply::completion("pong"); });
  auto settings = settings_of({keyed("p", moody.origin(), "sk-test-1"), keyed("c", good.origin(), "sk-test-2")});
  settings.holds.overloaded = settings.holds.model = Millis(0);
  settings.routes[0].backoff = Millis(1);
  auto runtime = open(std::move(settings), {.loops = 2, .refresh_elsewhere = {}});
  std::atomic<int> answered{0};

  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) answered += runtime->call(ask("ping", i % 2 == 0)).text == "pong" ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();

  EXPECT_EQ(answered, 400);
}

}  // namespace
}  // namespace belay::runtime::test
