// A secret goes to the origins it is bound to and nowhere else; what cannot be sent safely is not sent at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/secret.hpp"
#include "rig.hpp"

namespace belay::http::test {
namespace {

Request with_secret(std::string url, std::vector<std::string> origins) {
  Request request = post(std::move(url), "{}");
  request.headers.push_back({"Authorization", "Bearer sk-test", true});
  request.secret_origins = std::move(origins);
  return request;
}

BELAY_BOTH_WAYS(Secret);
BELAY_BOTH_WAYS(Refused);

TEST_P(Secret, IsNotSentToAnOriginItIsNotBoundTo) {
  Server server(Server::always("ok"));
  Rig rig;
  for (const std::vector<std::string>& origins : {std::vector<std::string>{},
                                                  {"http://127.0.0.1"},
                                                  {"https://127.0.0.1:" + std::to_string(server.port())},
                                                  {"http://localhost:" + std::to_string(server.port())},
                                                  {"https://api.example.org", "nonsense"}}) {
    Call call(rig, with_secret(server.url("/path?q=1"), origins));
    EXPECT_EQ(call.done().failure, Failure::forbidden_origin);
    EXPECT_FALSE(call.done().head_seen);
    EXPECT_THAT(call.done().message, testing::HasSubstr(server.origin()));
    EXPECT_THAT(call.done().message,
                testing::Not(testing::AnyOf(testing::HasSubstr("sk-test"), testing::HasSubstr("q=1"))));
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST_P(Secret, InTheBodyIsBoundAsWell) {
  Server server(Server::always("ok"));
  Rig rig;
  Request request = post(server.url(), "refresh_token=rt");
  request.body_sensitive = true;
  Call call(rig, std::move(request));
  EXPECT_EQ(call.done().failure, Failure::forbidden_origin);
  EXPECT_EQ(server.connections(), 0);
}

TEST_P(Secret, IsSentToAnOriginItIsBoundTo) {
  std::optional<std::string> seen;
  Server server([&](Peer& peer) {
    seen = peer.request()->header("authorization");
    peer.reply("ok");
    peer.gone();
  });
  Rig rig;
  Call call(rig, with_secret(server.url(), {"https://elsewhere.example", server.origin()}));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(seen, "Bearer sk-test");
}

TEST_P(Secret, OfOneRequestIsNotInTheNext) {
  std::vector<std::optional<std::string>> seen;
  Server server([&](Peer& peer) {
    while (auto request = peer.request()) {
      seen.push_back(request->header("authorization"));
      peer.reply("ok");
    }
  });
  Rig rig;
  for (int i = 0; i < 3; ++i) {
    Call call(rig, i == 1 ? post(server.url(), "{}") : with_secret(server.url(), {server.origin()}));
    ASSERT_EQ(call.done().failure, Failure::none);
  }
  EXPECT_THAT(seen, testing::ElementsAre("Bearer sk-test", std::nullopt, "Bearer sk-test"));
}

TEST_P(Secret, ManyCredentialsTakeTurnsOnOneConnection) {
  std::vector<std::string> seen;
  Server server([&](Peer& peer) {
    while (auto request = peer.request()) {
      seen.push_back(request->header("authorization").value_or(""));
      peer.reply("ok");
    }
  });
  Rig rig;
  std::vector<std::string> sent;
  for (int i = 0; i < 30; ++i) {
    Request request = post(server.url(), "{}");
    sent.push_back("Bearer key-" + std::to_string(i * i % 7));
    request.headers.push_back({"Authorization", sent.back(), true});
    request.secret_origins = {server.origin()};
    Call call(rig, std::move(request));
    ASSERT_EQ(call.done().failure, Failure::none);
  }
  EXPECT_EQ(seen, sent);
  EXPECT_EQ(server.connections(), 1);
}

TEST_P(Secret, ThatAServerEchoesInAnErrorIsScrubbed) {
  const belay::Secret key("sk-registered-0123456789");
  const std::uint16_t port = closed_port();
  Rig rig;
  Call call(rig, post("http://sk-registered-0123456789.invalid:" + std::to_string(port) + "/", "{}"));
  EXPECT_EQ(call.done().failure, Failure::resolve);
  EXPECT_THAT(call.done().message, testing::Not(testing::HasSubstr("sk-registered")));
}

TEST_P(Refused, HeadersThatWouldSplitTheRequest) {
  Server server(Server::always("ok"));
  Rig rig;
  const std::vector<std::pair<std::string, std::string>> bad = {{"X-A", "b\r\nX-Injected: 1"},
                                                                {"X-A", "b\nc"},
                                                                {"X-A", std::string("b\0c", 3)},
                                                                {"X A", "b"},
                                                                {"X:A", "b"},
                                                                {"", "b"},
                                                                {"X-A\r\nX-B", "c"},
                                                                {"X-\xC3\xA4", "b"}};
  for (const auto& [name, value] : bad) {
    Request request = post(server.url(), "{}");
    request.headers.push_back({name, value});
    Call call(rig, std::move(request));
    EXPECT_EQ(call.done().failure, Failure::bad_request) << testing::PrintToString(name);
    EXPECT_THAT(call.done().message, testing::Not(testing::HasSubstr("Injected")));
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST_P(Refused, UrlsThatCannotBeSent) {
  Rig rig;
  for (const char* url : {"", "127.0.0.1/v1", "ftp://127.0.0.1/", "file:///etc/passwd", "http://",
                          "http://user:pw@127.0.0.1/", "http://127.0.0.1:0x50/", "http://127.0.0.1:99999/",
                          "http://exa mple.org/", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX-Injected: 1"}) {
    Call call(rig, post(url, "{}"));
    EXPECT_EQ(call.done().failure, Failure::bad_request) << url;
    EXPECT_THAT(call.done().message, testing::Not(testing::HasSubstr("user:pw")));
  }
}

TEST_P(Refused, MethodsThatAreNoWord) {
  Server server(Server::always("ok"));
  Rig rig;
  for (const char* method : {"", "GET / HTTP/1.1\r\nX: y\r\n\r\nGET", "get", "G T"}) {
    Request request = post(server.url(), "{}");
    request.method = method;
    Call call(rig, std::move(request));
    EXPECT_EQ(call.done().failure, Failure::bad_request) << method;
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST_P(Refused, IsToldAfterStartHasReturnedAndCanBeCancelled) {
  Rig rig;
  Call told(rig), cancelled(rig);
  rig.on_loop([&] {
    told.start_here(post("nonsense", "{}"));
    EXPECT_EQ(told.dones, 0);
    cancelled.start_here(post("nonsense", "{}"));
    cancelled.cancel_here();
  });
  told.done();
  EXPECT_EQ(told.dones, 1);
  EXPECT_EQ(cancelled.dones, 0);
}

TEST_P(Refused, FramingHeadersOfTheCallerAreLeftOut) {
  std::optional<Seen> seen;
  Server server([&](Peer& peer) {
    seen = peer.request();
    peer.reply("ok");
    peer.gone();
  });
  Rig rig;
  Request request = post(server.url(), "12345");
  for (const char* line : {"Content-Length", "Transfer-Encoding", "Connection", "Expect"})
    request.headers.push_back({line, "chunked"});
  Call call(rig, std::move(request));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(seen->header("content-length"), "5");
  EXPECT_EQ(seen->header("transfer-encoding"), std::nullopt);
  EXPECT_EQ(seen->header("expect"), std::nullopt);
}

}  // namespace
}  // namespace belay::http::test
