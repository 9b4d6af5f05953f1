// Many transfers on one loop.
#include <gtest/gtest.h>

#include <algorithm>

#include "rig.hpp"

namespace belay::http::test {
namespace {

BELAY_BOTH_WAYS(Many);

TEST_P(Many, ThousandTransfersAtOnceOnOneLoop) {
  constexpr int count = 1'000;
  std::atomic<int> here{0};
  Flag all;
  Server server([&](Peer& peer) {
    while (const auto request = peer.request()) {
      // None is answered before all are there.
      if (++here == count) all.set();
      if (!all.wait()) return;
      if (!peer.reply(request->body)) return;
    }
  });
  Rig rig;
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < count; ++i) calls.push_back(std::make_unique<Call>(rig));
  rig.on_loop([&] {
    for (int i = 0; i < count; ++i)
      calls[static_cast<std::size_t>(i)]->start_here(post(server.url(), "body " + std::to_string(i)));
  });
  for (int i = 0; i < count; ++i) {
    Call& call = *calls[static_cast<std::size_t>(i)];
    ASSERT_EQ(call.done().failure, Failure::none) << call.done().message;
    ASSERT_EQ(call.body, "body " + std::to_string(i));
  }
  EXPECT_EQ(server.connections(), count);
}

TEST_P(Many, IdleConnectionsAreBoundedAfterAPeak) {
  constexpr int peak = 200, kept = 20, per_multi = 10;
  std::atomic<int> here{0}, closed{0};
  Flag all, trimmed;
  Server server([&](Peer& peer) {
    while (peer.request()) {
      if (++here == peak) all.set();
      if (!all.wait() || !peer.reply("ok")) return;
    }
    if (++closed == peak - kept - per_multi) trimmed.set();
  });
  ClientOptions options;
  options.transfers_per_multi = per_multi;
  options.idle_connections = kept;
  Rig rig(options);
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < peak; ++i) calls.push_back(std::make_unique<Call>(rig));
  rig.on_loop([&] {
    for (auto& call : calls) call->start_here(post(server.url(), "{}"));
  });
  for (auto& call : calls) ASSERT_EQ(call->done().failure, Failure::none) << call->done().message;

  EXPECT_TRUE(trimmed.wait()) << closed << " of " << peak << " connections were closed";
}

TEST_P(Many, DescriptorsDoNotGrow) {
  Server server(Server::always("ok"));
  Rig rig;
  const auto round = [&] {
    std::vector<std::unique_ptr<Call>> calls;
    for (int i = 0; i < 20; ++i) calls.push_back(std::make_unique<Call>(rig));
    rig.on_loop([&] {
      for (auto& call : calls) call->start_here(post(server.url(), "{}"));
    });
    for (auto& call : calls) ASSERT_EQ(call->done().failure, Failure::none);
  };
  round();
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 50; ++i) round();
  EXPECT_LE(open_descriptors(), before);
  EXPECT_LE(server.connections(), 20);
}

TEST_P(Many, ShardsFillFirstToLast) {
  // With two transfers a multi handle, five at once make three; the connections of the first two serve the next two.
  std::atomic<int> here{0};
  Flag all;
  Server server([&](Peer& peer) {
    while (peer.request()) {
      if (++here >= 5) all.set();
      if (!all.wait() || !peer.reply("ok")) return;
    }
  });
  ClientOptions options;
  options.transfers_per_multi = 2;
  Rig rig(options);
  for (const int at_once : {5, 2, 5}) {
    std::vector<std::unique_ptr<Call>> calls;
    for (int i = 0; i < at_once; ++i) calls.push_back(std::make_unique<Call>(rig));
    rig.on_loop([&] {
      for (auto& call : calls) call->start_here(post(server.url(), "{}"));
    });
    for (auto& call : calls) ASSERT_EQ(call->done().failure, Failure::none);
  }
  EXPECT_EQ(server.connections(), 5);
}

TEST_P(Many, ManyUrlsDoNotPileUp) {
  Server server(Server::always("ok"));
  Rig rig;
  for (int i = 0; i < 600; ++i) {
    Call call(rig, post(server.url("/" + std::to_string(i)), "{}"));
    ASSERT_EQ(call.done().failure, Failure::none);
  }
  EXPECT_EQ(server.connections(), 1);
}

}  // namespace
}  // namespace belay::http::test
