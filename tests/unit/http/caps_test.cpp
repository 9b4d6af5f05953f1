// Limits hold to the byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rig.hpp"

namespace belay::http::test {
namespace {

const std::string small_head = "HTTP/1.1 200 OK\r\nX-Fill: 0123456789\r\nContent-Length: 4\r\n\r\n";

Server::Script send_once(std::string text) {
  return [text = std::move(text)](Peer& peer) {
    peer.request();
    peer.send(text);
  };
}

Request with_caps(const Server& server, std::size_t header_bytes, std::size_t body_bytes) {
  Request request = get(server.url());
  request.max_header_bytes = header_bytes;
  request.max_body_bytes = body_bytes;
  return request;
}

BELAY_BOTH_WAYS(Caps);

TEST_P(Caps, HeadOfExactlyTheLimitPasses) {
  Server server(send_once(small_head + "body"));
  Rig rig;
  Call call(rig, with_caps(server, small_head.size(), 0));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
}

TEST_P(Caps, HeadOfOneByteMoreDoesNot) {
  Server server(send_once(small_head + "body"));
  Rig rig;
  Call call(rig, with_caps(server, small_head.size() - 1, 0));
  EXPECT_EQ(call.done().failure, Failure::too_large);
  EXPECT_EQ(call.heads, 0);
  EXPECT_THAT(call.done().message, testing::HasSubstr(std::to_string(small_head.size() - 1) + " bytes of headers"));
}

TEST_P(Caps, InterimHeadsCount) {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  Server server(send_once(interim + small_head + "body"));
  Rig rig;
  Call fits(rig, with_caps(server, interim.size() + small_head.size(), 0));
  EXPECT_EQ(fits.done().failure, Failure::none);
  Call over(rig, with_caps(server, interim.size() + small_head.size() - 1, 0));
  EXPECT_EQ(over.done().failure, Failure::too_large);
}

TEST_P(Caps, TrailersCount) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", trailer = "X-T: 1\r\n";
  Server server(send_once(head + "4\r\nbody\r\n0\r\n" + trailer + "\r\n"));
  Rig rig;
  Call fits(rig, with_caps(server, head.size() + trailer.size() + 2, 0));
  EXPECT_EQ(fits.done().failure, Failure::none) << fits.done().message;
  EXPECT_EQ(fits.head.get("x-t"), std::nullopt);
  Call over(rig, with_caps(server, head.size() + trailer.size() - 1, 0));
  EXPECT_EQ(over.done().failure, Failure::too_large);
  EXPECT_TRUE(over.done().head_seen);
}

TEST_P(Caps, HeadersWithoutEndAreStopped) {
  Server server([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\n");
    const std::string line = "X-More: " + std::string(1000, 'x') + "\r\n";
    while (peer.send(line)) {
    }
  });
  Rig rig;
  Call call(rig, with_caps(server, 1u << 30, 0));
  EXPECT_EQ(call.done().failure, Failure::too_large) << call.done().message;
}

TEST_P(Caps, HeaderLineWithoutEndIsStopped) {
  Server server([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nX-Long: ");
    const std::string more(10'000, 'x');
    while (peer.send(more)) {
    }
  });
  Rig rig;
  Call call(rig, with_caps(server, 1u << 30, 0));
  EXPECT_EQ(call.done().failure, Failure::too_large) << call.done().message;
}

TEST_P(Caps, BodyOfExactlyTheLimitPasses) {
  const std::string body(100'000, 'b');
  Server server(Server::always(body));
  Rig rig;
  Call call(rig, with_caps(server, 4096, body.size()));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, body);
}

TEST_P(Caps, BodyOfOneByteMoreDoesNot) {
  const std::string body(100'000, 'b');
  Server server(Server::always(body));
  Rig rig;
  Call call(rig, with_caps(server, 4096, body.size() - 1));
  EXPECT_EQ(call.done().failure, Failure::too_large);
  EXPECT_TRUE(call.done().head_seen);
  EXPECT_LT(call.body.size(), body.size());
}

TEST_P(Caps, BodyWithoutEndIsStoppedAndItsConnectionClosed) {
  Flag closed;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    const std::string more(10'000, 'x');
    while (peer.send(more)) {
    }
    closed.set();
  });
  Rig rig;
  Call call(rig, with_caps(server, 4096, 1u << 20));
  EXPECT_EQ(call.done().failure, Failure::too_large);
  EXPECT_TRUE(closed.wait());
}

TEST_P(Caps, StreamsAreNotLimited) {
  const std::string body(3u << 20, 'b');
  Server server(Server::always(body));
  Rig rig;
  Call call(rig, with_caps(server, 4096, 0));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body.size(), body.size());
}

TEST_P(Caps, PiecesHaveAtMost16KiB) {
  Server server(Server::always(std::string(3u << 20, 'b')));
  Rig rig;
  Call call(rig, get(server.url()));
  call.done();
  EXPECT_THAT(call.pieces, testing::Each(testing::Le(16'384u)));
  EXPECT_GT(call.pieces.size(), 100u);
}

}  // namespace
}  // namespace belay::http::test
