// A same-origin 307 or 308 is followed once; nothing is ever sent to another origin on a server's word.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rig.hpp"

namespace belay::http::test {
namespace {

/// Answers /a with a redirect and everything else with 200; remembers what it saw.
struct Redirecting {
  std::string status, location, body = "moved";
  std::vector<Seen> seen;
  std::mutex mutex;
  Server server{[this](Peer& peer) {
    while (auto request = peer.request()) {
      const bool first = request->line.find(" /a") != std::string::npos;
      {
        std::lock_guard lock(mutex);
        seen.push_back(*request);
      }
      if (first)
        peer.reply(body, status, location.empty() ? "" : "Location: " + location + "\r\n");
      else
        peer.reply("arrived");
    }
  }};

  Redirecting(std::string with_status, std::string to) : status(std::move(with_status)), location(std::move(to)) {}
};

Request secret_post(const Server& server, const char* path) {
  Request request = post(server.url(path), R"({"q":1})");
  request.headers.push_back({"Authorization", "Bearer sk-redirect", true});
  request.secret_origins = {server.origin()};
  return request;
}

class Followed : public testing::TestWithParam<std::tuple<Way, const char*>> {};

TEST_P(Followed, WithinTheOriginSentAgainWholeAndNotShown) {
  const auto& [way, status] = GetParam();
  Rig::go(way);
  Redirecting moved(status, "/b?x=%20y");
  Rig rig;
  Call call(rig, secret_post(moved.server, "/a"));

  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.heads, 1);
  EXPECT_EQ(call.head.status, 200);
  EXPECT_EQ(call.body, "arrived");
  ASSERT_EQ(moved.seen.size(), 2u);
  EXPECT_EQ(moved.seen[1].line, "POST /b?x=%20y HTTP/1.1");
  EXPECT_EQ(moved.seen[1].body, R"({"q":1})");
  EXPECT_EQ(moved.seen[1].header("authorization"), "Bearer sk-redirect");
  EXPECT_EQ(moved.server.connections(), 1);
}

INSTANTIATE_TEST_SUITE_P(Http, Followed,
                         testing::Combine(testing::Values(Way::direct, Way::curl),
                                          testing::Values("307 Temporary Redirect", "308 Permanent Redirect")),
                         [](const auto& info) {
                           return to_string(std::get<0>(info.param)) + "_" + std::string(std::get<1>(info.param), 3);
                         });

BELAY_BOTH_WAYS(Redirect);

TEST_P(Redirect, NextRequestToTheFirstUrlStartsThereAgain) {
  Redirecting moved("307 Temporary Redirect", "/b");
  Rig rig;
  for (int i = 0; i < 2; ++i) {
    Call call(rig, secret_post(moved.server, "/a"));
    ASSERT_EQ(call.done().failure, Failure::none);
  }
  ASSERT_EQ(moved.seen.size(), 4u);
  EXPECT_EQ(moved.seen[2].line, "POST /a HTTP/1.1");
}

TEST_P(Redirect, SecondHopIsNotFollowed) {
  Redirecting moved("307 Temporary Redirect", "/a2");
  Rig rig;
  Call call(rig, secret_post(moved.server, "/a"));

  EXPECT_EQ(call.done().failure, Failure::redirect);
  EXPECT_EQ(call.head.status, 307);
  EXPECT_EQ(moved.seen.size(), 2u);
}

TEST_P(Redirect, ToAnotherOriginSendsNothingThere) {
  Server other(Server::always("stolen"));
  for (const char* status :
       {"307 Temporary Redirect", "308 Permanent Redirect", "301 Moved Permanently", "302 Found", "303 See Other"}) {
    Redirecting moved(status, other.url("/b?token=abc"));
    Rig rig;
    Call call(rig, secret_post(moved.server, "/a"));

    EXPECT_EQ(call.done().failure, Failure::redirect) << status;
    EXPECT_TRUE(call.done().head_seen);
    EXPECT_EQ(call.head.status, std::atoi(status));
    EXPECT_EQ(moved.seen.size(), 1u);
    EXPECT_THAT(call.done().message, testing::Not(testing::HasSubstr("abc")));
  }
  EXPECT_EQ(other.connections(), 0);
}

TEST_P(Redirect, ToTheSameHostUnderAnotherNameSchemeOrPortIsAnotherOrigin) {
  Redirecting moved("307 Temporary Redirect", "");
  const std::string port = std::to_string(moved.server.port());
  for (const std::string& location :
       {"http://localhost:" + port + "/b", "https://127.0.0.1:" + port + "/b", std::string("http://127.0.0.1:1/b"),
        "//localhost:" + port + "/b", "http://127.0.0.1:" + port + "@localhost/b", std::string("ftp://127.0.0.1/b"),
        std::string("file:///etc/hostname")}) {
    moved.location = location;
    const std::size_t before = moved.seen.size();
    Rig rig;
    Call call(rig, secret_post(moved.server, "/a"));
    EXPECT_EQ(call.done().failure, Failure::redirect) << location;
    EXPECT_EQ(call.head.status, 307);
    EXPECT_EQ(moved.seen.size(), before + 1) << location;
  }
}

TEST_P(Redirect, OtherStatusesAreNotFollowedAndShown) {
  for (const char* status :
       {"300 Multiple Choices", "301 Moved Permanently", "302 Found", "303 See Other", "304 Not Modified"}) {
    Redirecting moved(status, "/b");
    moved.body = "";
    Rig rig;
    Call call(rig, secret_post(moved.server, "/a"));
    EXPECT_EQ(call.done().failure, Failure::redirect) << status;
    EXPECT_TRUE(call.done().head_seen);
    EXPECT_EQ(call.head.status, std::atoi(status));
    EXPECT_EQ(moved.seen.size(), 1u);
  }
}

TEST_P(Redirect, WithoutLocationIsNotFollowed) {
  Redirecting moved("307 Temporary Redirect", "");
  Rig rig;
  Call call(rig, secret_post(moved.server, "/a"));
  EXPECT_EQ(call.done().failure, Failure::redirect);
  EXPECT_THAT(call.done().message, testing::HasSubstr("without a usable location"));
}

TEST_P(Redirect, WithAnEndlessBodyIsFollowedAllTheSame) {
  std::atomic<int> requests{0};
  Server server([&](Peer& peer) {
    while (auto request = peer.request()) {
      ++requests;
      if (request->line.find(" /a") == std::string::npos) {
        peer.reply("arrived");
        continue;
      }
      peer.send("HTTP/1.1 307 Temporary Redirect\r\nLocation: /b\r\n\r\n");
      const std::string more(10'000, 'x');
      while (peer.send(more)) {
      }
      return;
    }
  });
  Rig rig;
  Call call(rig, post(server.url("/a"), "{}"));
  EXPECT_EQ(call.done().failure, Failure::none) << call.done().message;
  EXPECT_EQ(call.body, "arrived");
  EXPECT_EQ(requests, 2);
}

TEST_P(Redirect, MayBeCancelledOnItsWay) {
  Flag redirected, closed;
  Server server([&](Peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 307 Temporary Redirect\r\nLocation: /b\r\nContent-Length: 100\r\n\r\nhalf");
    redirected.set();
    if (peer.gone()) closed.set();
  });
  Rig rig;
  Call call(rig, post(server.url("/a"), "{}"));
  ASSERT_TRUE(redirected.wait());

  call.cancel();

  EXPECT_TRUE(closed.wait());
  EXPECT_EQ(call.dones, 0);
}

}  // namespace
}  // namespace belay::http::test
