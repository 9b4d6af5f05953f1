// HTTP/2 over TLS, against a real server (nginx) whose own upstream is scripted.
#include <gtest/gtest.h>

#include <algorithm>

#include "certificates.hpp"
#include "nginx.hpp"
#include "rig.hpp"

namespace belay::http::test {
namespace {

class Http2 : public testing::Test {
 protected:
  void SetUp() override {
    if (!Nginx::installed()) GTEST_SKIP() << "nginx is not installed";
    endpoint_.ca_file = certificates_.ca_file();
  }
  Request to(std::string url) {
    Request request = post(std::move(url), "{}");
    request.endpoint = &endpoint_;
    request.max_body_bytes = 0;
    return request;
  }

  Certificates certificates_;
  EndpointSettings endpoint_;
};

TEST_F(Http2, BurstSharesOneConnection) {
  constexpr int burst = 50;
  Server backend(Server::always("ok", "200 OK", "X-From: backend\r\n"));
  Nginx nginx(certificates_, backend.port());
  Rig rig;
  const int before = nginx.connections();
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < burst; ++i) calls.push_back(std::make_unique<Call>(rig));
  rig.on_loop([&] {
    for (auto& call : calls) call->start_here(to(nginx.url()));
  });
  for (auto& call : calls) {
    ASSERT_EQ(call->done().failure, Failure::none) << call->done().message;
    EXPECT_EQ(call->head.status, 200);
    EXPECT_EQ(call->head.get("x-from"), "backend");
    EXPECT_EQ(call->body, "ok");
  }
  EXPECT_EQ(nginx.connections() - before, 2) << "one of ours, and the look itself";
}

TEST_F(Http2, CancelResetsTheStreamAndLeavesTheOthers) {
  Flag closed, finish;
  Server backend([&](Peer& peer) {
    const auto request = peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    if (request && request->line.find("/cancelled") != std::string::npos) {
      if (peer.gone()) closed.set();
      return;
    }
    finish.wait();
    peer.send("world");
    peer.gone();
  });
  Nginx nginx(certificates_, backend.port());
  Rig rig;
  Call first(rig, to(nginx.url("/kept")));
  ASSERT_TRUE(first.wait_body(5));
  Call second(rig, to(nginx.url("/cancelled")));
  ASSERT_TRUE(second.wait_body(5));

  second.cancel();

  EXPECT_TRUE(closed.wait());
  finish.set();
  EXPECT_EQ(first.done().failure, Failure::none) << first.done().message;
  EXPECT_EQ(first.body, "helloworld");
}

TEST_F(Http2, CancelOfTheOnlyStreamReachesTheServerToo) {
  for (const bool inside : {false, true}) {
    Flag closed;
    Server backend([&](Peer& peer) {
      peer.request();
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
      if (peer.gone()) closed.set();
    });
    Nginx nginx(certificates_, backend.port());
    Rig rig;
    Call call(rig);
    if (inside) call.head_hook = [&] { call.cancel_here(); };
    call.start(to(nginx.url()));
    if (!inside) {
      ASSERT_TRUE(call.wait_body(5));
      call.cancel();
    }
    EXPECT_TRUE(closed.wait()) << (inside ? "inside" : "outside");
  }
}

TEST_F(Http2, PausedStreamDoesNotStopOthersNorSpinTheLoop) {
  Flag filled;
  Server backend([&](Peer& peer) {
    while (const auto request = peer.request()) {
      if (request->line.find("/paused") == std::string::npos) {
        peer.reply("quick");
        continue;
      }
      peer.send("HTTP/1.1 200 OK\r\n\r\n" + std::string(1u << 20, 'p'));
      filled.set();
      peer.gone();
      return;
    }
  });
  Nginx nginx(certificates_, backend.port());
  Rig rig;
  Call paused(rig);
  paused.body_hook = [](std::string_view) { return false; };
  paused.start(to(nginx.url("/paused")));
  ASSERT_TRUE(paused.wait_body(1));
  ASSERT_TRUE(filled.wait());

  for (int i = 0; i < 20; ++i) {
    Call call(rig, to(nginx.url("/quick")));
    ASSERT_EQ(call.done().failure, Failure::none) << call.done().message;
    ASSERT_EQ(call.body, "quick");
  }

  EXPECT_EQ(paused.pieces.size(), 1u);
  const auto before = rig.loop_time();
  std::this_thread::sleep_for(Millis(300));  // the span that is measured
  EXPECT_LT(rig.loop_time() - before, Millis(100));
}

TEST_F(Http2, ReaderThatFallsTooFarBehindIsCutOffAndNobodyElse) {
  Flag cut, finish;
  Server backend([&](Peer& peer) {
    const auto request = peer.request();
    if (request && request->line.find("/torrent") != std::string::npos) {
      peer.send("HTTP/1.1 200 OK\r\n\r\n");
      const std::string block(65'536, 'x');
      while (peer.send(block)) {
      }
      cut.set();
      return;
    }
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    finish.wait();
    peer.send("world");
    peer.gone();
  });
  Nginx nginx(certificates_, backend.port());
  Rig rig;
  Call other(rig, to(nginx.url("/other")));
  ASSERT_TRUE(other.wait_body(5));
  Call behind(rig);
  behind.body_hook = [&](std::string_view) { return behind.pieces.size() > 1; };
  behind.start(to(nginx.url("/torrent")));

  EXPECT_TRUE(cut.wait());
  rig.on_loop([&] { EXPECT_EQ(behind.dones, 0) << "it is still paused"; });
  finish.set();
  EXPECT_EQ(other.done().failure, Failure::none) << other.done().message;
  behind.resume();

  EXPECT_EQ(behind.done().failure, Failure::too_large);
  EXPECT_GT(behind.body.size(), 3u << 20);
  EXPECT_LE(behind.body.size(), (4u << 20) + (16u << 10));
  EXPECT_LE(*std::max_element(behind.pieces.begin(), behind.pieces.end()), 16u << 10);
}

TEST_F(Http2, PausedStreamGoesOnWhenResumed) {
  const std::string text(1u << 20, 't');
  Server backend(Server::always(text));
  Nginx nginx(certificates_, backend.port());
  Rig rig;
  Call call(rig);
  call.body_hook = [&](std::string_view) {
    if (call.pieces.size() % 10 != 1) return true;
    rig.loop().post([&] { call.resume_here(); });
    return false;
  };
  call.start(to(nginx.url()));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body.size(), text.size());
}

TEST_F(Http2, StreamThatTheServerCutsIsAReset) {
  Server backend([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
  });
  Nginx nginx(certificates_, backend.port());
  Rig rig;
  Call call(rig, to(nginx.url()));
  EXPECT_TRUE(call.done().failure == Failure::reset || call.done().failure == Failure::cut_short)
      << to_string(call.done().failure) << call.done().message;
  EXPECT_TRUE(call.done().head_seen);
}

TEST_F(Http2, ManyStreamsAtOnce) {
  constexpr int count = 300;
  Flag finish;
  std::atomic<int> here{0};
  Flag all;
  Server backend([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    if (++here == count) all.set();
    finish.wait();
    peer.send("world");
    peer.gone();
  });
  Nginx nginx(certificates_, backend.port());
  Rig rig;
  const int before = nginx.connections();
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < count; ++i) calls.push_back(std::make_unique<Call>(rig));
  rig.on_loop([&] {
    for (auto& call : calls) call->start_here(to(nginx.url()));
  });
  ASSERT_TRUE(all.wait());
  finish.set();
  for (auto& call : calls) {
    ASSERT_EQ(call->done().failure, Failure::none) << call->done().message;
    EXPECT_EQ(call->body, "helloworld");
  }
  // nginx's stub_status counts its upstream's connections no; ours are one for each multi handle.
  EXPECT_LE(nginx.connections() - before, 1 + (count + 63) / 64);
}

}  // namespace
}  // namespace belay::http::test
