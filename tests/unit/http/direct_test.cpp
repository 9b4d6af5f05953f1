// What is special about connections of our own: what may be sent again, what is never believed, and when a connection
// is closed rather than used again. What they share with libcurl's is tested in the suites that run both ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include "direct/client.hpp"
#include "rig.hpp"

namespace belay::http::test {
namespace {

const std::string whole_reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Answers the first request of its first connection, does `second` with the next one, and answers all on others.
struct OnceGood {
  std::mutex mutex;
  std::vector<std::string> bodies;
  Server server;

  explicit OnceGood(const std::function<void(Peer&)>& second)
      : server([this, second](Peer& peer) {
          for (int i = 0; auto request = peer.request(); ++i) {
            {
              const std::lock_guard lock(mutex);
              bodies.push_back(request->body);
            }
            if (peer.number() == 1 && i == 1) return second(peer);
            peer.reply("ok");
          }
        }) {}
};

TEST(Direct, PostOnAConnectionThatWasDeadAlreadyIsSentAgainWhole) {
  const std::string body(100'000, 'b');
  for (const bool reset : {true, false}) {
    OnceGood once([&](Peer& peer) {
      if (reset) peer.reset();
    });
    Rig rig;
    Call first(rig, post(once.server.url(), "first"));
    ASSERT_EQ(first.done().failure, Failure::none);

    Call second(rig, post(once.server.url(), body));

    EXPECT_EQ(second.done().failure, Failure::none) << second.done().message;
    EXPECT_EQ(once.server.connections(), 2);
    ASSERT_EQ(once.bodies.size(), 3u);
    EXPECT_EQ(once.bodies[2], body);
  }
}

TEST(Direct, SecondTryIsOnANewConnectionThoughAnotherIsIdle) {
  // Two idle connections that are both dead: the request comes to one of them, and then to a third.
  std::atomic<int> requests{0}, here{0};
  Flag both;
  Server server([&](Peer& peer) {
    for (int i = 0; peer.request(); ++i) {
      ++requests;
      if (++here >= 2) both.set();
      if (!both.wait()) return;
      if (i == 1 && peer.number() <= 2) return;
      peer.reply("ok");
    }
  });
  Rig rig;
  {
    Call one(rig, post(server.url(), "1")), two(rig, post(server.url(), "2"));
    ASSERT_EQ(one.done().failure, Failure::none);
    ASSERT_EQ(two.done().failure, Failure::none);
  }

  Call third(rig, post(server.url(), "3"));

  EXPECT_EQ(third.done().failure, Failure::none) << third.done().message;
  EXPECT_EQ(requests, 4);
  EXPECT_EQ(server.connections(), 3);
}

TEST(Direct, NothingIsSentAgainOnceAByteOfTheReplyCame) {
  for (const char* beginning : {"H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n"}) {
    OnceGood once([&](Peer& peer) { peer.send(beginning); });
    Rig rig;
    Call first(rig, post(once.server.url(), "first"));
    ASSERT_EQ(first.done().failure, Failure::none);

    Call second(rig, post(once.server.url(), "second"));

    EXPECT_EQ(second.done().failure, Failure::reset) << second.done().message;
    EXPECT_EQ(once.server.connections(), 1) << beginning;
    EXPECT_EQ(once.bodies.size(), 2u);
  }
}

TEST(Direct, NothingIsSentAgainOnANewConnection) {
  std::atomic<int> requests{0};
  Server server([&](Peer& peer) {
    if (peer.request()) ++requests;
  });
  Rig rig;
  Call call(rig, post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::reset);
  EXPECT_EQ(requests, 1);
}

TEST(Direct, BytesBehindAReplyAreNeverTheNextReply) {
  Flag closed;
  Server server([&](Peer& peer) {
    peer.request();
    if (peer.number() > 1) {
      peer.reply("its own");
      return;
    }
    peer.send(whole_reply + "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled");
    if (peer.gone()) closed.set();
  });
  Rig rig;
  Call first(rig, post(server.url(), "1"));
  EXPECT_EQ(first.done().failure, Failure::none);
  EXPECT_EQ(first.body, "ok");
  EXPECT_TRUE(closed.wait());

  Call second(rig, post(server.url(), "2"));

  EXPECT_EQ(second.done().failure, Failure::none);
  EXPECT_EQ(second.body, "its own");
}

TEST(Direct, BytesOnAnIdleConnectionCloseIt) {
  Flag idle, closed;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send(whole_reply);
    if (peer.number() > 1) return;
    idle.wait();
    peer.send(whole_reply);
    if (peer.gone()) closed.set();
  });
  Rig rig;
  Call first(rig, post(server.url(), "1"));
  first.done();

  idle.set();

  EXPECT_TRUE(closed.wait());
  Call second(rig, post(server.url(), "2"));
  EXPECT_EQ(second.done().failure, Failure::none);
  EXPECT_EQ(server.connections(), 2);
}

TEST(Direct, BytesBehindARepliesWithoutBodyCloseTheConnection) {
  for (const char* method : {"HEAD", "GET"}) {
    const bool head = std::string_view(method) == "HEAD";
    Flag closed;
    Server server([&](Peer& peer) {
      peer.request();
      peer.send(head ? "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"
                     : "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody");
      if (peer.gone()) closed.set();
    });
    Rig rig;
    Request request = get(server.url());
    request.method = method;
    Call call(rig, std::move(request));
    EXPECT_EQ(call.done().failure, Failure::none) << method << call.done().message;
    EXPECT_EQ(call.body, "");
    EXPECT_TRUE(closed.wait()) << method;
  }
}

TEST(Direct, ContradictingFramingClosesTheConnection) {
  Flag closed;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    if (peer.gone()) closed.set();
  });
  Rig rig;
  Call call(rig, post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none);
  EXPECT_EQ(call.body, "hello");
  EXPECT_EQ(call.head.get("content-length"), std::nullopt);
  EXPECT_TRUE(closed.wait());
}

TEST(Direct, ReplyBeforeTheBodyWasSentIsReadAndClosesTheConnection) {
  for (const char* status : {"401 Unauthorized", "413 Content Too Large", "200 OK"}) {
    Flag heard, closed;
    Server server([&](Peer& peer) {
      char first = 0;
      ::recv(peer.fd(), &first, 1, 0);
      peer.reply("no", status);
      // Nothing more is read before the client has heard: what it still wants to send fills the way.
      heard.wait();
      if (peer.gone()) closed.set();
    });
    Rig rig;
    Call call(rig, post(server.url(), std::string(32u << 20, 'x')));
    EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
    EXPECT_EQ(call.head.status, std::atoi(status));
    EXPECT_EQ(call.body, "no");
    heard.set();
    EXPECT_TRUE(closed.wait()) << status;
  }
}

TEST(Direct, RefusalStopsTheBodyAndTheWaitForItsEndCostsNothing) {
  constexpr std::size_t size = 32u << 20;
  Flag heard, drained, finish;
  std::size_t came = 0;
  Server server([&](Peer& peer) {
    peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nn");
    heard.wait();
    // What was on its way, and nothing else.
    std::string buffer(1u << 20, '\0');
    pollfd readable{peer.fd(), POLLIN, 0};
    while (::poll(&readable, 1, 300) > 0) {
      const ssize_t got = ::recv(peer.fd(), buffer.data(), buffer.size(), 0);
      if (got <= 0) break;
      came += static_cast<std::size_t>(got);
    }
    drained.set();
    finish.wait();
    peer.send("o");
  });
  Rig rig;
  Call call(rig, post(server.url(), std::string(size, 'x')));
  ASSERT_TRUE(call.wait_body(1));
  heard.set();
  ASSERT_TRUE(drained.wait());

  const auto before = rig.loop_time();
  std::this_thread::sleep_for(Millis(200));  // the span that is measured
  EXPECT_LT(rig.loop_time() - before, Millis(60));
  finish.set();

  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, "no");
  EXPECT_LT(came, size);
}

TEST(Direct, ResetWhileSendingIsNamed) {
  Server server([](Peer& peer) {
    char first = 0;
    ::recv(peer.fd(), &first, 1, 0);
    peer.reset();
  });
  Rig rig;
  Call call(rig, post(server.url(), std::string(32u << 20, 'x')));
  EXPECT_EQ(call.done().failure, Failure::reset);
  EXPECT_THAT(call.done().message, testing::HasSubstr("the connection was reset"));
  EXPECT_THAT(call.done().message, testing::HasSubstr("before the reply ("));
}

TEST(Direct, RefusalIsReadThoughTheServerHangsUpBehindIt) {
  // Closing with bytes unread sends a reset, which reaches the client while it sends.
  for (int i = 0; i < 20; ++i) {
    Server server([](Peer& peer) {
      char first = 0;
      ::recv(peer.fd(), &first, 1, 0);
      peer.reply("no", "413 Content Too Large", "Connection: close\r\n");
    });
    Rig rig;
    Call call(rig, post(server.url(), std::string(8u << 20, 'x')));
    call.done();
    ASSERT_EQ(call.head.status, 413) << call.done().message;
    ASSERT_EQ(call.body, "no") << call.done().message;
  }
}

TEST(Direct, SuccessToldBeforeTheBodyIsThereDoesNotStopIt) {
  std::string body;
  Server server([&](Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    if (auto request = peer.request()) body = request->body;
    peer.send("world");
    peer.gone();
  });
  Rig rig;
  Call call(rig, post(server.url(), std::string(16u << 20, 'x')));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, "helloworld");
  EXPECT_EQ(body.size(), 16u << 20);
}

TEST(Direct, ChunksThatCameTogetherAreOnePiece) {
  Server server([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n");
    peer.gone();
  });
  Rig rig;
  Call call(rig, get(server.url()));
  EXPECT_EQ(call.done().failure, Failure::none);
  EXPECT_EQ(call.body, "abcdef");
  EXPECT_EQ(call.pieces.size(), 1u);
}

TEST(Direct, CancelReachesTheServerThoughTheReaderHasPaused) {
  Flag closed;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\n\r\n" + std::string(50'000, 'x'));
    if (peer.gone()) closed.set();
  });
  Rig rig;
  Call call(rig);
  call.body_hook = [](std::string_view) { return false; };
  call.start(get(server.url()));
  ASSERT_TRUE(call.wait_body(1));

  call.cancel();

  EXPECT_TRUE(closed.wait());
}

TEST(Direct, ConnectionsTakeTurnsLastUsedFirst) {
  // Three at once, then one after the other: all on the connection that was free last.
  std::atomic<int> here{0};
  Flag all;
  std::mutex mutex;
  std::vector<int> used;
  Server server([&](Peer& peer) {
    while (peer.request()) {
      if (++here == 3) all.set();
      if (!all.wait()) return;
      {
        const std::lock_guard lock(mutex);
        used.push_back(peer.number());
      }
      if (!peer.reply("ok")) return;
    }
  });
  Rig rig;
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < 3; ++i) calls.push_back(std::make_unique<Call>(rig, post(server.url(), "{}")));
  for (auto& call : calls) ASSERT_EQ(call->done().failure, Failure::none);
  for (int i = 0; i < 5; ++i) {
    Call call(rig, post(server.url(), "{}"));
    ASSERT_EQ(call.done().failure, Failure::none);
  }
  ASSERT_EQ(used.size(), 8u);
  EXPECT_THAT(std::vector<int>(used.begin() + 3, used.end()), testing::Each(used[3]));
}

TEST(Direct, TransferThatFailedToConnectIsToldOnceThoughItIsKept) {
  // Its time to connect passes after it has failed.
  Rig rig;
  Request request = post("http://127.0.0.1:" + std::to_string(closed_port()) + "/", "{}");
  request.connect_timeout = Millis(100);
  Call call(rig, std::move(request));
  call.done();
  std::promise<void> later;
  Timer timer(rig.loop(), [&] { later.set_value(); });
  rig.on_loop([&] { timer.arm_in(Millis(200)); });
  later.get_future().wait();
  rig.on_loop([&] { EXPECT_EQ(call.dones, 1); });
}

TEST(Direct, IsForPlainHttpWithoutProxyAndWithoutCodings) {
  const auto serves = [](const char* url, const char* proxy, const char* header) {
    AddressBook book{ProxyEnvironment{}};
    EndpointSettings endpoint;
    endpoint.proxy = proxy;
    const auto address = *book.find(url, &endpoint);
    Request request = get(url);
    request.headers.push_back({header, "x"});
    return DirectClient::serves(*address, **address->lines(request));
  };
  EXPECT_TRUE(serves("http://127.0.0.1:1/", "", "X-A"));
  EXPECT_TRUE(serves("http://127.0.0.1:1/", "none", "X-A"));
  EXPECT_FALSE(serves("https://127.0.0.1:1/", "", "X-A"));
  EXPECT_FALSE(serves("http://127.0.0.1:1/", "http://127.0.0.1:2", "X-A"));
  EXPECT_FALSE(serves("http://127.0.0.1:1/", "", "Accept-Encoding"));
}

}  // namespace
}  // namespace belay::http::test
