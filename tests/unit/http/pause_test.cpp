// Back-pressure: a paused transfer reads no further, so that its server's send blocks.
#include <gtest/gtest.h>

#include <atomic>

#include "rig.hpp"

namespace belay::http::test {
namespace {

/// Sends until the client's side is full, and then the rest when told to.
struct Torrent {
  static constexpr std::size_t total = 64u << 20;
  Flag full, go_on;
  std::atomic<std::size_t> before_full{0};
  Server server{[this](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(total) + "\r\n\r\n");
    const std::size_t first = peer.send_until_full(Millis(150), total);
    before_full = first;
    full.set();
    go_on.wait();
    const std::string block(65'536, 'x');
    for (std::size_t sent = first; sent < total;) {
      const std::size_t size = std::min(block.size(), total - sent);
      if (!peer.send(std::string_view(block).substr(0, size))) break;
      sent += size;
    }
    peer.gone();
  }};
};

BELAY_BOTH_WAYS(Pause);

TEST_P(Pause, BlocksTheSenderAndBoundsWhatIsTaken) {
  Torrent torrent;
  Rig rig;
  Call call(rig);
  call.body_hook = [&](std::string_view) { return call.pieces.size() > 1; };
  Request request = get(torrent.server.url());
  request.max_body_bytes = 0;
  call.start(std::move(request));

  ASSERT_TRUE(torrent.full.wait());
  EXPECT_LT(torrent.before_full.load(), 16u << 20)
      << "the kernel's socket buffers hold a few MB; the client must have read on";
  rig.on_loop([&] { EXPECT_EQ(call.pieces.size(), 1u); });

  torrent.go_on.set();
  call.resume();
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body.size(), Torrent::total);
}

TEST_P(Pause, IsEndedByResumeAndNothingIsLost) {
  Torrent torrent;
  torrent.go_on.set();
  Rig rig;
  Call call(rig);
  std::size_t pauses = 0;
  call.body_hook = [&](std::string_view) {
    if (call.pieces.size() % 50 != 1) return true;
    ++pauses;
    rig.loop().post([&] { call.resume_here(); });
    return false;
  };
  Request request = get(torrent.server.url());
  request.max_body_bytes = 0;
  call.start(std::move(request));

  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body.size(), Torrent::total);
  EXPECT_GT(pauses, 50u);
}

TEST_P(Pause, OfAWholeBodyLosesNothing) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + "\n";
  Server server(Server::always(text));
  Rig rig;
  Call call(rig);
  call.body_hook = [&](std::string_view) {
    rig.loop().post([&] { call.resume_here(); });
    return false;
  };
  call.start(get(server.url()));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_TRUE(call.body == text);
}

TEST_P(Pause, EachPieceMayPause) {
  Server server([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n");
    peer.gone();
  });
  Rig rig;
  Call call(rig);
  call.body_hook = [&](std::string_view) {
    rig.loop().post([&] { call.resume_here(); });
    return false;
  };
  call.start(get(server.url()));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, "abc");
}

TEST_P(Pause, HoldsBackOnDone) {
  Server server(Server::always("all in one piece"));
  Rig rig;
  Call call(rig);
  call.body_hook = [](std::string_view) { return false; };
  call.start(get(server.url()));
  ASSERT_TRUE(call.wait_body(16));
  // Another exchange there and back on the same loop: this one's end has been seen by then.
  Call other(rig, get(server.url()));
  other.done();
  rig.on_loop([&] { EXPECT_EQ(call.dones, 0); });

  call.resume();

  EXPECT_EQ(call.done().failure, Failure::none);
}

TEST_P(Pause, FailureComesAfterResume) {
  Flag cut;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
    cut.wait();
  });
  Rig rig;
  Call call(rig);
  call.body_hook = [](std::string_view) { return false; };
  call.start(get(server.url()));
  ASSERT_TRUE(call.wait_body(5));

  cut.set();
  call.resume();

  EXPECT_EQ(call.done().failure, Failure::cut_short) << call.done().message;
}

TEST_P(Pause, DoesNotSpinTheLoop) {
  // Level-triggered epoll would report a paused connection for ever: with data to read, and then with its end.
  Flag leave;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x'));
    leave.wait();
    peer.reset();
  });
  Rig rig;
  Call call(rig);
  call.body_hook = [](std::string_view) { return false; };
  call.start(get(server.url()));
  ASSERT_TRUE(call.wait_body(1));
  for (int i = 0; i < 2; ++i) {
    const auto before = rig.loop_time();
    std::this_thread::sleep_for(Millis(200));  // the span that is measured
    EXPECT_LT(rig.loop_time() - before, Millis(60)) << i;
    leave.set();
  }
}

TEST_P(Pause, MayBeCancelled) {
  Torrent torrent;
  Rig rig;
  Call call(rig);
  call.body_hook = [](std::string_view) { return false; };
  call.start(get(torrent.server.url()));
  ASSERT_TRUE(torrent.full.wait());

  call.cancel();
  torrent.go_on.set();

  // The server's script ends only when its send fails: Server's destructor would wait for it.
  Call other(rig, get(torrent.server.url()));
  EXPECT_TRUE(other.wait_head());
  EXPECT_EQ(call.dones, 0);
}

TEST_P(Pause, ResumeMayBeFollowedByCancelInTheSameTurn) {
  Flag go_on;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello ");
    go_on.wait();
    peer.send("world!");
    peer.gone();
  });
  Rig rig;
  Call first(rig), second(rig);
  first.body_hook = [&](std::string_view) { return false; };
  second.body_hook = [&](std::string_view) { return second.pieces.size() > 1; };
  first.start(get(server.url()));
  second.start(get(server.url()));
  ASSERT_TRUE(first.wait_body(6));
  ASSERT_TRUE(second.wait_body(6));

  rig.on_loop([&] {
    first.resume_here();
    second.resume_here();
    first.resume_here();
    first.cancel_here();
  });
  go_on.set();

  EXPECT_EQ(second.done().failure, Failure::none);
  EXPECT_EQ(first.dones, 0);
}

TEST_P(Pause, OfOneDoesNotStopOthers) {
  Torrent torrent;
  Server server(Server::always("quick"));
  Rig rig;
  Call paused(rig);
  paused.body_hook = [](std::string_view) { return false; };
  paused.start(get(torrent.server.url()));
  ASSERT_TRUE(torrent.full.wait());

  for (int i = 0; i < 10; ++i) {
    Call call(rig, get(server.url()));
    ASSERT_EQ(call.done().failure, Failure::none);
  }
  torrent.go_on.set();
}

}  // namespace
}  // namespace belay::http::test
