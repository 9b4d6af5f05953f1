// Forms a reply may take.
#include <gtest/gtest.h>
#include <zlib.h>

#include "rig.hpp"

namespace belay::http::test {
namespace {

std::string deflated(std::string_view text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string gzipped(std::string_view text) { return deflated(text, 15 + 16); }

std::string in_chunks(std::string_view text, std::size_t size) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += size) {
    char length[20];
    const std::string_view piece = text.substr(at, size);
    std::snprintf(length, sizeof length, "%zx\r\n", piece.size());
    out.append(length).append(piece).append("\r\n");
  }
  return out + "0\r\n\r\n";
}

BELAY_BOTH_WAYS(Framing);

TEST_P(Framing, ChunksOfSevenBytes) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "piece " + std::to_string(i) + "\n";
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + in_chunks(text, 7));
    peer.gone();
  });
  Rig rig;
  Call call(rig, post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, text);
}

TEST_P(Framing, BytesThatComeOneByOne) {
  const std::string reply =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n" + in_chunks("one by one", 3);
  Server server([&](Peer& peer) {
    peer.request();
    for (const char c : reply) peer.send({&c, 1});
    peer.gone();
  });
  Rig rig;
  Call call(rig, post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.head.get("x-a"), "b");
  EXPECT_EQ(call.body, "one by one");
}

TEST_P(Framing, PieceIsDeliveredBeforeTheNextOneIsSent) {
  Flag got;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
    if (got.wait()) peer.send("data: 2\n\n");
  });
  Rig rig;
  Call call(rig);
  call.body_hook = [&](std::string_view) {
    got.set();
    return true;
  };
  call.start(post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none);
  EXPECT_EQ(call.body, "data: 1\n\ndata: 2\n\n");
}

TEST_P(Framing, InterimRepliesAreNotShown) {
  Server server([](Peer& peer) {
    peer.request();
    peer.send(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
        "2\r\n\r\nok");
    peer.gone();
  });
  Rig rig;
  Call call(rig, post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none);
  EXPECT_EQ(call.heads, 1);
  EXPECT_EQ(call.head.status, 200);
  EXPECT_EQ(call.head.get("link"), std::nullopt);
}

TEST_P(Framing, EachRequestCarriesItsOwnTrace) {
  Server server([&](Peer& peer) {
    while (const auto seen = peer.request()) peer.reply(seen->header("traceparent").value_or("none"));
  });
  Rig rig;
  for (const std::string trace : {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"}) {
    Request request = post(server.url(), "{}");
    request.traceparent = trace;
    Call call(rig, std::move(request));
    EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
    EXPECT_EQ(call.body, trace.empty() ? "none" : trace);
  }
}

TEST_P(Framing, ATraceWithALineEndInItIsNotSent) {
  Rig rig;
  Request request = post("http://127.0.0.1:9/", "{}");
  request.traceparent = "00-\r\nx: y";
  Call call(rig, std::move(request));
  EXPECT_EQ(call.done().failure, Failure::bad_request);
}

TEST_P(Framing, NoContentHasNoBody) {
  Server server([](Peer& peer) {
    while (peer.request()) peer.send("HTTP/1.1 204 No Content\r\n\r\n");
  });
  Rig rig;
  for (int i = 0; i < 2; ++i) {
    Call call(rig, post(server.url(), "{}"));
    EXPECT_EQ(call.done().failure, Failure::none);
    EXPECT_EQ(call.head.status, 204);
    EXPECT_TRUE(call.pieces.empty());
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_P(Framing, ErrorStatusesKeepTheirBody) {
  Server server(Server::always(R"({"error":{}})", "429 Too Many Requests", "Retry-After: 7\r\n"));
  Rig rig;
  Call call(rig, post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none);
  EXPECT_EQ(call.head.status, 429);
  EXPECT_EQ(call.head.get("retry-after"), "7");
  EXPECT_EQ(call.body, R"({"error":{}})");
}

TEST_P(Framing, GzipThatNobodyAskedForIsDecoded) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "line " + std::to_string(i * 7919 % 5'000) + "\n";
  Server server(Server::always(gzipped(text), "200 OK", "Content-Encoding: gzip\r\n"));
  Rig rig;
  Call call(rig, post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, text);
}

TEST_P(Framing, CapCountsDecodedBytes) {
  const std::string text(1u << 20, 'z');
  Server server(Server::always(gzipped(text), "200 OK", "Content-Encoding: gzip\r\n"));
  Rig rig;
  Request request = post(server.url(), "{}");
  request.max_body_bytes = text.size() - 1;
  Call call(rig, std::move(request));
  EXPECT_EQ(call.done().failure, Failure::too_large);
}

TEST_P(Framing, DeflateWithAndWithoutItsHeaderIsDecoded) {
  for (const int form : {15, -15}) {
    Server server(Server::always(deflated("what was said", form), "200 OK", "Content-Encoding: deflate\r\n"));
    Rig rig;
    Call call(rig, post(server.url(), "{}"));
    EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
    EXPECT_EQ(call.body, "what was said") << form;
  }
}

TEST_P(Framing, IdentityIsNoCoding) {
  Server server(Server::always("plain", "200 OK", "Content-Encoding: identity\r\n"));
  Rig rig;
  Call call(rig, post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, "plain");
}

TEST_P(Framing, DecodingStopsForAPauseAndGoesOn) {
  const std::string text(200'000, 'z');  // some 220 bytes on the wire
  Server server(Server::always(gzipped(text), "200 OK", "Content-Encoding: gzip\r\n"));
  Rig rig;
  Call call(rig);
  call.body_hook = [&](std::string_view) {
    rig.loop().post([&] { call.resume_here(); });
    return false;
  };
  call.start(get(server.url()));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, text);
}

TEST_P(Framing, ChunkExtensionsAndTrailersAreNoBody) {
  Server server([](Peer& peer) {
    while (peer.request())
      peer.send(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b;c=\"d\"\r\nhello\r\n0;last\r\nX-T: 1\r\n\r\n");
  });
  Rig rig;
  for (int i = 0; i < 2; ++i) {
    Call call(rig, post(server.url(), "{}"));
    EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
    EXPECT_EQ(call.body, "hello");
    EXPECT_EQ(call.head.get("x-t"), std::nullopt);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_P(Framing, ChunksCountWhereThereIsAContentLengthToo) {
  for (const char* lines :
       {"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"}) {
    Server server([&](Peer& peer) {
      peer.request();
      peer.send("HTTP/1.1 200 OK\r\n" + std::string(lines) + "\r\n5\r\nhello\r\n0\r\n\r\n");
      peer.gone();
    });
    Rig rig;
    Call call(rig, post(server.url(), "{}"));
    EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
    EXPECT_EQ(call.body, "hello");
  }
}

TEST_P(Framing, FoldedHeaderLinesAreJoined) {
  Server server(Server::always("ok", "200 OK", "X-Long: one\r\n  two\r\n"));
  Rig rig;
  Call call(rig, post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.head.get("x-long"), "one two");
}

TEST_P(Framing, BodyMayEndWithTheConnection) {
  Server server([](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
  });
  Rig rig;
  Call call(rig, post(server.url(), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, "until the end");
}

TEST_P(Framing, ReplyBeforeTheBodyWasSentCounts) {
  // A server that refuses a large body early, and then stops reading.
  Server server([](Peer& peer) {
    peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    peer.gone();
  });
  Rig rig;
  Call call(rig, post(server.url(), std::string(8u << 20, 'x')));
  call.done();
  EXPECT_EQ(call.head.status, 413);
  EXPECT_EQ(call.body, "no");
}

}  // namespace
}  // namespace belay::http::test
