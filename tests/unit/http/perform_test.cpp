// perform(): blocking exchanges from threads that are not the loop's.
#include <gtest/gtest.h>

#include "rig.hpp"

namespace belay::http::test {
namespace {

MonoTime in(Millis span) { return std::chrono::steady_clock::now() + span; }

BELAY_BOTH_WAYS(Perform);

TEST_P(Perform, GivesTheWholeReply) {
  Server server(Server::always("token", "200 OK", "X-A: b\r\n"));
  Rig rig;
  const Reply reply = perform(rig.loop(), rig.client(), post(server.url(), "grant"), in(patience), {});
  EXPECT_EQ(reply.done.failure, Failure::none) << reply.done.message;
  EXPECT_EQ(reply.head.status, 200);
  EXPECT_EQ(reply.head.get("x-a"), "b");
  EXPECT_EQ(reply.body, "token");
}

TEST_P(Perform, ReportsFailures) {
  Rig rig;
  const Reply reply = perform(rig.loop(), rig.client(),
                              post("http://127.0.0.1:" + std::to_string(closed_port()) + "/", "x"), in(patience), {});
  EXPECT_EQ(reply.done.failure, Failure::connect);
}

TEST_P(Perform, ReturnsAtItsDeadlineWithWhatHadArrivedAndClosesTheConnection) {
  Flag closed;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    if (peer.gone()) closed.set();
  });
  Rig rig;
  const Reply reply = perform(rig.loop(), rig.client(), post(server.url(), "x"), in(Millis(500)), {});
  EXPECT_EQ(reply.done.failure, Failure::timed_out);
  EXPECT_TRUE(reply.done.head_seen);
  EXPECT_EQ(reply.head.status, 200);
  EXPECT_EQ(reply.body, "hello");
  EXPECT_TRUE(closed.wait());
}

TEST_P(Perform, ReturnsWhenCancelledAndClosesTheConnection) {
  Flag asked, closed;
  Server server([&](Peer& peer) {
    peer.request();
    asked.set();
    if (peer.gone()) closed.set();
  });
  Rig rig;
  CancelSource source;
  std::thread canceller([&] {
    asked.wait();
    source.cancel();
  });
  const Reply reply = perform(rig.loop(), rig.client(), post(server.url(), "x"), in(patience), source.token());
  canceller.join();
  EXPECT_EQ(reply.done.failure, Failure::cancelled);
  EXPECT_FALSE(reply.done.head_seen);
  EXPECT_TRUE(closed.wait());
}

TEST_P(Perform, CancelledBeforeItBeginsSendsNothing) {
  Server server(Server::always("ok"));
  Rig rig;
  CancelSource source;
  source.cancel();
  const Reply reply = perform(rig.loop(), rig.client(), post(server.url(), "x"), in(patience), source.token());
  EXPECT_EQ(reply.done.failure, Failure::cancelled);
  rig.on_loop([] {});
  EXPECT_EQ(server.connections(), 0);
}

TEST_P(Perform, ReturnsAtItsDeadlineThoughTheLoopIsBusy) {
  Server server(Server::always("ok"));
  Rig rig;
  Flag free;
  rig.loop().post([&] { free.wait(); });
  const Reply reply = perform(rig.loop(), rig.client(), post(server.url(), "x"), in(Millis(100)), {});
  EXPECT_EQ(reply.done.failure, Failure::timed_out);
  free.set();
  rig.on_loop([] {});
  EXPECT_EQ(server.connections(), 0);
}

TEST_P(Perform, ManyThreadsShareOneClient) {
  Server server([](Peer& peer) {
    while (const auto request = peer.request())
      if (!peer.reply(request->body)) return;
  });
  Rig rig;
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::string body = std::to_string(t) + "/" + std::to_string(i);
        if (perform(rig.loop(), rig.client(), post(server.url(), body), in(patience), {}).body == body) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 320);
}

TEST_P(Perform, DeadlinesAndRepliesMayRace) {
  // Replies that come about when the deadline does: each call ends one way or the other, whole. How many of each there
  // are is the scheduler's affair.
  Server server(Server::always("ok"));
  Rig rig;
  for (int i = 0; i < 200; ++i) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::microseconds(i * 5);
    const Reply reply = perform(rig.loop(), rig.client(), post(server.url(), "x"), deadline, {});
    if (reply.done.failure == Failure::none) {
      EXPECT_EQ(reply.body, "ok");
    } else {
      EXPECT_EQ(reply.done.failure, Failure::timed_out) << reply.done.message;
    }
  }
}

}  // namespace
}  // namespace belay::http::test
