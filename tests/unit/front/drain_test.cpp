// The server ends while clients are there.
#include <string>

#include "client.hpp"

namespace belay::gateway::test {
namespace {

TEST(FrontDrain, ClosesIdleConnectionsAndOthersBehindTheirReply) {
  Rig rig;
  Client idle(rig), held(rig), streaming(rig);
  idle.request("GET", "/echo");
  EXPECT_EQ(idle.answer().status, 200);
  held.request("GET", "/hold");
  ASSERT_TRUE(rig.events().wait("held", 1));
  streaming.request("GET", "/hold");
  ASSERT_TRUE(rig.events().wait("held", 2));
  rig.on_loop([&] { rig.service().held[1]->begin(200, {}); });
  rig.on_loop([&] { rig.front().drain(); });
  EXPECT_TRUE(idle.at_end());
  rig.on_loop([&] {
    EXPECT_FALSE(rig.front().empty());
    rig.service().held[0]->send(200, {}, "done");
    rig.service().held[1]->write("last words");
    rig.service().held[1]->end();
  });
  const Answer answer = held.answer();
  EXPECT_EQ(answer.body, "done");
  EXPECT_TRUE(answer.closes());
  EXPECT_TRUE(held.at_end());
  const Answer stream = streaming.answer();
  EXPECT_EQ(stream.body, "last words");
  EXPECT_TRUE(stream.whole);
  EXPECT_TRUE(streaming.at_end());
  EXPECT_TRUE(rig.wait_for([](const FrontCounts& counts) { return counts.open == 0; }));
  rig.on_loop([&] { EXPECT_TRUE(rig.front().empty()); });
  EXPECT_EQ(rig.events().count("gone"), 0);
}

TEST(FrontDrain, ARequestThatIsBeingSentIsStillAnswered) {
  Rig rig;
  Client half_head(rig), half_body(rig);
  half_head.send("GET /echo HTTP/1.1\r\nHost: loc");
  half_body.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab");
  ASSERT_TRUE(rig.events().wait("POST /echo"));
  ASSERT_TRUE(rig.wait_for([](const FrontCounts& counts) { return counts.bytes_in > 80; }));
  rig.on_loop([&] { rig.front().drain(); });
  half_head.send("alhost\r\n\r\n");
  half_body.send("cd");
  EXPECT_EQ(half_head.answer().body, "GET /echo|");
  EXPECT_EQ(half_body.answer().body, "POST /echo|abcd");
  EXPECT_TRUE(half_head.at_end());
  EXPECT_TRUE(half_body.at_end());
}

}  // namespace
}  // namespace belay::gateway::test
