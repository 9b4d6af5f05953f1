// Clients that leave, and clients that send more than is read.
#include <string>

#include "client.hpp"

namespace belay::gateway::test {
namespace {

TEST(FrontGone, AClosedConnectionIsToldAtOnce) {
  Rig rig;
  {
    Client client(rig);
    client.request("GET", "/hold");
    ASSERT_TRUE(rig.events().wait("held"));
  }
  EXPECT_TRUE(rig.events().wait("gone"));
  EXPECT_TRUE(rig.events().wait("destroyed"));
  EXPECT_TRUE(rig.wait_for([](const FrontCounts& counts) { return counts.open == 0 && counts.active == 0 && counts.gone == 1; }));
}

TEST(FrontGone, AResetIsToldAtOnce) {
  Rig rig;
  Client client(rig);
  client.request("GET", "/hold");
  ASSERT_TRUE(rig.events().wait("held"));
  client.reset();
  EXPECT_TRUE(rig.events().wait("gone"));
  EXPECT_TRUE(rig.events().wait("destroyed"));
}

TEST(FrontGone, AHalfCloseCountsWhileARequestIsUnderWay) {
  Rig rig;
  Client client(rig);
  client.request("GET", "/hold");
  ASSERT_TRUE(rig.events().wait("held"));
  client.half_close();
  EXPECT_TRUE(rig.events().wait("gone"));
}

TEST(FrontGone, InTheMiddleOfAStream) {
  Rig rig;
  {
    Client client(rig);
    client.request("GET", "/hold");
    ASSERT_TRUE(rig.events().wait("held"));
    rig.on_loop([&] {
      rig.service().held[0]->begin(200, {});
      rig.service().held[0]->write("first");
    });
    EXPECT_EQ(client.answer(true).status, 200);
  }
  EXPECT_TRUE(rig.events().wait("gone"));
}

TEST(FrontGone, OverAUnixSocketToo) {
  Rig rig({}, Rig::Tie::unix_socket);
  {
    Client client(rig);
    client.request("GET", "/hold");
    ASSERT_TRUE(rig.events().wait("held"));
  }
  EXPECT_TRUE(rig.events().wait("gone"));
}

TEST(FrontGone, ThoughLaterRequestsWaitUnread) {
  Rig rig;
  {
    Client client(rig);
    client.request("GET", "/hold");
    ASSERT_TRUE(rig.events().wait("held"));
    std::string more;
    while (more.size() < (100u << 10)) more += "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n";
    client.send(more);
  }
  EXPECT_TRUE(rig.events().wait("gone"));
}

TEST(FrontGone, NobodyIsToldWhenTheReplyWasComplete) {
  Rig rig;
  {
    Client client(rig);
    client.request("GET", "/echo");
    EXPECT_EQ(client.answer().status, 200);
  }
  EXPECT_TRUE(rig.wait_for([](const FrontCounts& counts) { return counts.open == 0; }));
  EXPECT_EQ(rig.events().count("gone"), 0);
  EXPECT_EQ(rig.counts().gone, 0u);
}

TEST(FrontGone, EveryVisitIsToldWhenTheFrontEnds) {
  Rig rig;
  Client a(rig), b(rig);
  a.request("GET", "/hold");
  b.request("GET", "/hold");
  ASSERT_TRUE(rig.events().wait("held", 2));
  rig.end_front();
  EXPECT_EQ(rig.events().count("gone"), 2);
  EXPECT_EQ(rig.events().count("destroyed"), 2);
  EXPECT_TRUE(a.at_end());
}

TEST(FrontGone, BytesOfLaterRequestsAreNotReadWithoutBound) {
  Rig rig;
  Client client(rig);
  client.request("GET", "/hold");
  ASSERT_TRUE(rig.events().wait("held"));
  std::thread sender([&] {
    const std::string more = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n" + std::string(1'000'000, 'x');
    for (int i = 0; i < 8; ++i) client.send(more);
  });
  EXPECT_TRUE(rig.wait_for([](const FrontCounts& counts) { return counts.bytes_in > (64u << 10); }));
  for (int turn = 0; turn < 400; ++turn) rig.on_loop([] {});  // each would read on
  EXPECT_LT(rig.counts().bytes_in, 400u << 10);
  rig.on_loop([&] { rig.service().held[0]->send(200, {}, "now"); });
  EXPECT_EQ(client.answer().body, "now");
  for (int i = 0; i < 8; ++i) EXPECT_EQ(client.answer().body.size(), 1'000'000u + 11);
  sender.join();
}

}  // namespace
}  // namespace belay::gateway::test
