// What goes over the wire, and over which connection. Proof is what the server counted.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "rig.hpp"

namespace belay::http::test {
namespace {

BELAY_BOTH_WAYS(Connection);

TEST_P(Connection, SendsMethodPathHeadersAndBodyOnce) {
  std::vector<Seen> seen;
  Server server([&](Peer& peer) {
    while (auto request = peer.request()) {
      seen.push_back(*request);
      peer.reply("{}");
    }
  });
  Rig rig;
  Request request = post(server.url("/v1/chat?x=1"), R"({"model":"m"})");
  request.headers.push_back({"X-Team", "tools"});

  Call call(rig, std::move(request));

  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].line, "POST /v1/chat?x=1 HTTP/1.1");
  EXPECT_EQ(seen[0].body, R"({"model":"m"})");
  EXPECT_EQ(seen[0].header("x-team"), "tools");
  EXPECT_EQ(seen[0].header("content-type"), "application/json");
  EXPECT_EQ(seen[0].header("accept-encoding"), std::nullopt);
  EXPECT_EQ(seen[0].header("expect"), std::nullopt);
}

TEST_P(Connection, ReplyArrivesAsHeadBodyDone) {
  Server server(Server::always("hello", "201 Created", "X-One: 1\r\nSet-Cookie: a\r\nset-cookie: b\r\n"));
  Rig rig;

  Call call(rig, get(server.url()));

  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_TRUE(call.done().head_seen);
  EXPECT_EQ(call.heads, 1);
  EXPECT_EQ(call.head.status, 201);
  EXPECT_EQ(call.head.get("x-one"), "1");
  const std::vector<std::pair<std::string, std::string>> wanted{
      {"content-length", "5"}, {"x-one", "1"}, {"set-cookie", "a"}, {"set-cookie", "b"}};
  EXPECT_EQ(call.head.headers, wanted);
  EXPECT_EQ(call.body, "hello");
}

TEST_P(Connection, IsReusedByRequestsThatFollowEachOther) {
  Server server(Server::always("ok"));
  Rig rig;
  for (int i = 0; i < 20; ++i) {
    Call call(rig, post(server.url("/" + std::to_string(i % 3)), "body"));
    ASSERT_EQ(call.done().failure, Failure::none) << call.done().message;
    ASSERT_EQ(call.body, "ok");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_P(Connection, HandlerMayStartTheNextRequestInsideOnDone) {
  Server server(Server::always("ok"));
  Rig rig;
  Call second(rig), first(rig);
  first.done_hook = [&] { second.start_here(post(server.url(), "2")); };

  first.start(post(server.url(), "1"));

  EXPECT_EQ(second.done().failure, Failure::none);
  EXPECT_EQ(server.connections(), 1);
}

TEST_P(Connection, HandlerMayStartAnotherRequestInsideOnHeadAndOnBody) {
  Server server(Server::always("ok"));
  Rig rig;
  Call in_head(rig), in_body(rig), first(rig);
  first.head_hook = [&] { in_head.start_here(post(server.url(), "2")); };
  first.body_hook = [&](std::string_view) {
    in_body.start_here(post(server.url(), "3"));
    return true;
  };

  first.start(post(server.url(), "1"));

  EXPECT_EQ(first.done().failure, Failure::none);
  EXPECT_EQ(in_head.done().failure, Failure::none);
  EXPECT_EQ(in_body.done().failure, Failure::none);
}

TEST_P(Connection, IsReplacedWhenTheServerClosedItWhileIdle) {
  Server server([](Peer& peer) {
    if (peer.request()) peer.reply("once");
  });
  Rig rig;
  for (int i = 1; i <= 3; ++i) {
    Call call(rig, post(server.url(), "body"));
    ASSERT_EQ(call.done().failure, Failure::none) << call.done().message;
    ASSERT_EQ(call.body, "once");
    ASSERT_EQ(server.connections(), i);
  }
}

TEST_P(Connection, IsNotReusedAfterDropIdle) {
  Server server(Server::always("ok"));
  Rig rig;
  Call first(rig, post(server.url(), "1"));
  first.done();

  rig.on_loop([&] { rig.client().drop_idle(); });
  Call second(rig, post(server.url(), "2"));

  EXPECT_EQ(second.done().failure, Failure::none);
  EXPECT_EQ(server.connections(), 2);
}

TEST_P(Connection, ThatIsIdleIsClosedByDropIdle) {
  Flag closed;
  Server server([&](Peer& peer) {
    peer.request();
    peer.reply("ok");
    if (peer.gone()) closed.set();
  });
  Rig rig;
  Call call(rig, post(server.url(), "1"));
  call.done();

  rig.on_loop([&] { rig.client().drop_idle(); });

  EXPECT_TRUE(closed.wait());
}

TEST_P(Connection, InUseSurvivesDropIdle) {
  Flag dropped;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    dropped.wait();
    peer.send("world");
    peer.gone();
  });
  Rig rig;
  Call call(rig, post(server.url(), "1"));
  ASSERT_TRUE(call.wait_body(5));

  rig.on_loop([&] { rig.client().drop_idle(); });
  dropped.set();

  EXPECT_EQ(call.done().failure, Failure::none);
  EXPECT_EQ(call.body, "helloworld");
}

TEST_P(Connection, MethodsWithAndWithoutBodyMayFollowEachOtherOnOneHandle) {
  std::vector<std::string> lines, lengths;
  Server server([&](Peer& peer) {
    while (auto request = peer.request()) {
      lines.push_back(request->line);
      lengths.push_back(request->header("content-length").value_or("none"));
      if (request->line.starts_with("HEAD"))
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
      else
        peer.reply("ok");
    }
  });
  Rig rig;
  const auto body = std::make_shared<const std::string>("12345");
  const std::vector<std::pair<std::string, std::shared_ptr<const std::string>>> order = {
      {"POST", body},      {"GET", nullptr}, {"HEAD", nullptr}, {"POST", nullptr},
      {"DELETE", nullptr}, {"PUT", body},    {"GET", nullptr},  {"POST", body}};
  for (const auto& [method, content] : order) {
    Request request = get(server.url("/x"));
    request.method = method;
    request.body = content;
    Call call(rig, std::move(request));
    ASSERT_EQ(call.done().failure, Failure::none) << method << ": " << call.done().message;
    ASSERT_EQ(call.body, method == "HEAD" ? "" : "ok") << method;
  }
  const std::vector<std::string> wanted_lines = {"POST /x HTTP/1.1", "GET /x HTTP/1.1",    "HEAD /x HTTP/1.1",
                                                 "POST /x HTTP/1.1", "DELETE /x HTTP/1.1", "PUT /x HTTP/1.1",
                                                 "GET /x HTTP/1.1",  "POST /x HTTP/1.1"};
  const std::vector<std::string> wanted_lengths = {"5", "none", "none", "0", "0", "5", "none", "5"};
  EXPECT_EQ(lines, wanted_lines);
  EXPECT_EQ(lengths, wanted_lengths);
  EXPECT_EQ(server.connections(), 1);
}

TEST_P(Connection, IsNotUsedAgainWhenTheServerSaysSo) {
  for (const char* status_line : {"HTTP/1.1 200 OK\r\nConnection: close\r\n", "HTTP/1.0 200 OK\r\n"}) {
    Server server([&](Peer& peer) {
      while (peer.request()) peer.send(std::string(status_line) + "Content-Length: 2\r\n\r\nok");
    });
    Rig rig;
    for (int i = 0; i < 2; ++i) {
      Call call(rig, post(server.url(), "{}"));
      ASSERT_EQ(call.done().failure, Failure::none) << call.done().message;
    }
    EXPECT_EQ(server.connections(), 2) << status_line;
  }
}

TEST_P(Connection, OfHttp10StaysWhenTheServerSaysSo) {
  Server server([](Peer& peer) {
    while (peer.request()) peer.send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");
  });
  Rig rig;
  for (int i = 0; i < 2; ++i) {
    Call call(rig, post(server.url(), "{}"));
    ASSERT_EQ(call.done().failure, Failure::none) << call.done().message;
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_P(Connection, HostAndAcceptOfTheCallerReplaceOurOwn) {
  std::vector<Seen> seen;
  Server server([&](Peer& peer) {
    while (auto request = peer.request()) {
      seen.push_back(*request);
      peer.reply("ok");
    }
  });
  Rig rig;
  Call plain(rig, post(server.url(), "{}"));
  plain.done();
  Request request = post(server.url(), "{}");
  request.headers.push_back({"host", "api.example.org"});
  request.headers.push_back({"ACCEPT", "text/event-stream"});
  Call call(rig, std::move(request));
  EXPECT_EQ(call.done().failure, Failure::none);

  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].header("host"), "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(seen[0].header("accept"), "*/*");
  EXPECT_EQ(seen[1].header("host"), "api.example.org");
  EXPECT_EQ(seen[1].header("accept"), "text/event-stream");
  EXPECT_EQ(seen[1].head.find("*/*"), std::string::npos);
  EXPECT_EQ(seen[1].head.find("127.0.0.1"), std::string::npos);
}

TEST_P(Connection, ThatTheServerClosedWhileIdleIsNotTaken) {
  // The server closes after each reply without a word; no request may be lost to that.
  Flag closed;
  Server server([&](Peer& peer) {
    peer.request();
    peer.reply("ok");
    if (peer.number() == 1) {
      ::shutdown(peer.fd(), SHUT_WR);
      if (peer.gone()) closed.set();
    }
  });
  Rig rig;
  Call first(rig, post(server.url(), "1"));
  first.done();
  if (GetParam() == Way::direct) {
    EXPECT_TRUE(closed.wait()) << "libcurl looks when it needs one; we hear of it at once";
  }

  Call second(rig, post(server.url(), "2"));

  EXPECT_EQ(second.done().failure, Failure::none) << second.done().message;
  EXPECT_EQ(server.connections(), 2);
}

TEST_P(Connection, LargeBodyArrivesWholeWithoutExpect) {
  const std::string large(3u << 20, 'q');
  std::optional<Seen> seen;
  Server server([&](Peer& peer) {
    seen = peer.request();
    peer.reply("ok");
    peer.gone();
  });
  Rig rig;

  Call call(rig, post(server.url(), large));

  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->body, large);
  EXPECT_EQ(seen->header("expect"), std::nullopt);
}

TEST_P(Connection, BodyIsLetGoOnceItsAnswerStreams) {
  Flag finish;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    finish.wait();
    peer.send("world");
    peer.gone();
  });
  Rig rig;
  Request request = post(server.url(), std::string(100'000, 'q'));
  const std::weak_ptr<const std::string> body = request.body;
  Call call(rig, std::move(request));

  ASSERT_TRUE(call.wait_body(5));
  rig.on_loop([] {});  // on_body has returned

  EXPECT_TRUE(body.expired());
  finish.set();
  EXPECT_EQ(call.done().failure, Failure::none);
}

TEST_P(Connection, DestroyingTheClientEndsRunningTransfersWithoutACall) {
  Flag closed;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    if (peer.gone()) closed.set();
  });
  Rig rig;
  Call running(rig, post(server.url(), "1"));
  ASSERT_TRUE(running.wait_body(5));
  Call queued(rig);

  rig.on_loop([&] { queued.start_here(post(server.url(), "2")); });
  rig.destroy_client();

  EXPECT_TRUE(closed.wait());
  running.resume();
  EXPECT_EQ(running.dones, 0);
  EXPECT_EQ(queued.dones, 0);
}

}  // namespace
}  // namespace belay::http::test
