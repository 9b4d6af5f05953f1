// Every way a reply can fail to come has its own name; a table of what the server does and what is reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "failure.hpp"
#include "rig.hpp"

namespace belay::http::test {
namespace {

struct Ending {
  const char* name;
  const char* sent;  ///< before the end
  bool reset;
  Failure failure;
  bool head_seen;
  const char* words;  ///< of the message
};

class Endings : public testing::TestWithParam<std::tuple<Way, Ending>> {};

TEST_P(Endings, AreToldApart) {
  const auto& [way, ending] = GetParam();
  Rig::go(way);
  Server server([&](Peer& peer) {
    peer.request();
    peer.send(ending.sent);
    if (ending.reset) peer.reset();
  });
  Rig rig;

  Call call(rig, post(server.url("/secret-path?key=k"), "{}"));

  EXPECT_EQ(call.done().failure, ending.failure) << to_string(call.done().failure) << ": " << call.done().message;
  EXPECT_EQ(call.done().head_seen, ending.head_seen);
  EXPECT_EQ(call.heads, ending.head_seen ? 1 : 0);
  EXPECT_THAT(call.done().message, testing::StartsWith("127.0.0.1:" + std::to_string(server.port()) + ": "));
  EXPECT_THAT(call.done().message, testing::HasSubstr(ending.words));
  EXPECT_THAT(call.done().message, testing::Not(testing::HasSubstr("secret-path")));
  EXPECT_EQ(server.connections(), 1) << "a request was repeated";
}

INSTANTIATE_TEST_SUITE_P(
    Http, Endings,
    testing::Combine(
        testing::Values(Way::direct, Way::curl),
        testing::Values(
            Ending{"ResetBeforeTheReply", "", true, Failure::reset, false, "before the reply"},
            Ending{"ClosedWithoutAReply", "", false, Failure::reset, false, "without a reply"},
            Ending{"ClosedInTheStatusLine", "HTTP/1.1 20", false, Failure::reset, false, "closed"},
            Ending{"ClosedInTheHead", "HTTP/1.1 200 OK\r\nContent-Le", false, Failure::reset, false, "closed"},
            Ending{"ClosedAfterContinue", "HTTP/1.1 100 Continue\r\n\r\n", false, Failure::reset, false, "closed"},
            Ending{"ResetInTheBody", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", true, Failure::reset, true,
                   "middle of the reply"},
            Ending{"ClosedBeforeItsContentLength", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", false,
                   Failure::cut_short, true, "cut short"},
            Ending{"ClosedInsideAChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhello", false,
                   Failure::cut_short, true, "cut short"},
            Ending{"ClosedBetweenChunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", false,
                   Failure::cut_short, true, "cut short"},
            Ending{"BadChunkSize", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
                   false, Failure::protocol, true, "not valid HTTP"},
            Ending{"NoHttpAtAll", "220 mail.example ESMTP\r\n", false, Failure::protocol, false, "not valid HTTP"},
            Ending{"BadContentLength", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhello", false, Failure::protocol,
                   false, "not valid HTTP"},
            Ending{"BrokenGzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!",
                   false, Failure::protocol, true, "coding"},
            Ending{"UnknownCoding", "HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 5\r\n\r\nuryyb",
                   false, Failure::protocol, true, "coding"})),
    [](const auto& info) { return to_string(std::get<0>(info.param)) + "_" + std::get<1>(info.param).name; });

BELAY_BOTH_WAYS(Failing);

TEST_P(Failing, NobodyListensIsConnect) {
  const std::uint16_t port = closed_port();
  Rig rig;
  Call call(rig, post("http://127.0.0.1:" + std::to_string(port) + "/", "{}"));

  EXPECT_EQ(call.done().failure, Failure::connect);
  EXPECT_EQ(call.done().message, "127.0.0.1:" + std::to_string(port) + ": cannot connect (Connection refused)");
}

TEST_P(Failing, UnknownHostIsResolve) {
  Rig rig;
  Call call(rig, post("http://no-such-host.invalid/", "{}"));

  EXPECT_EQ(call.done().failure, Failure::resolve) << call.done().message;
  EXPECT_THAT(call.done().message, testing::StartsWith("no-such-host.invalid:80: "));
}

TEST_P(Failing, ReusedConnectionThatDiesBeforeAnyByteIsRetriedOnAFreshOneOnly) {
  // The first connection answers once and dies in the second request; so does each later one in its first.
  Server server([](Peer& peer) {
    peer.request();
    if (peer.number() == 1) {
      peer.reply("ok");
      peer.request();
    }
    peer.reset();
  });
  Rig rig;
  Call first(rig, post(server.url(), "1"));
  ASSERT_EQ(first.done().failure, Failure::none);

  Call second(rig, post(server.url(), "2"));

  EXPECT_EQ(second.done().failure, Failure::reset);
  EXPECT_EQ(server.connections(), 2);
}

TEST(Failure, NamesOfAllAreTheirOwn) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(Failure::cancelled); ++i)
    names.emplace_back(to_string(static_cast<Failure>(i)));
  EXPECT_THAT(names, testing::Each(testing::Ne("unknown")));
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace belay::http::test
