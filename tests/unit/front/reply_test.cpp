// Replies: framing, pieces, size, ends.
#include <string>

#include "client.hpp"
#include "reply_head.hpp"

namespace belay::gateway::test {
namespace {

TEST(FrontReply, ComesInChunks) {
  Rig rig;
  Client client(rig);
  client.request("GET", "/stream");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.field("transfer-encoding"), "chunked");
  EXPECT_EQ(answer.body, "one,two,three");
  EXPECT_TRUE(answer.whole);
  client.request("GET", "/echo");
  EXPECT_EQ(client.answer().body, "GET /echo|");
}

TEST(FrontReply, ToHttp10EndsWithTheConnection) {
  Rig rig;
  Client client(rig);
  client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const Answer answer = client.answer();
  EXPECT_FALSE(answer.field("transfer-encoding"));
  EXPECT_TRUE(answer.closes());
  EXPECT_EQ(answer.body, "one,two,three");
  EXPECT_FALSE(client.was_reset());
}

TEST(FrontReply, ThatIsAbortedLacksItsLastChunk) {
  Rig rig;
  Client client(rig);
  client.request("GET", "/abort");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.body, "one,");
  EXPECT_FALSE(answer.whole);
  EXPECT_FALSE(client.was_reset());
  EXPECT_EQ(rig.events().count("gone"), 0);
}

TEST(FrontReply, ThatIsAbortedToHttp10EndsWithAReset) {
  Rig rig;
  Client client(rig);
  client.send("GET /abort HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.answer().body, "one,");
  EXPECT_TRUE(client.was_reset());
}

TEST(FrontReply, MayBeLarge) {
  Rig rig;
  Client client(rig);
  for (int i = 0; i < 2; ++i) {
    client.request("GET", "/large");
    const Answer answer = client.answer();
    EXPECT_EQ(answer.body.size(), large_size);
    EXPECT_EQ(answer.body.find_first_not_of('L'), std::string::npos);
  }
  EXPECT_TRUE(rig.wait_for([](const FrontCounts& counts) { return counts.bytes_out > 2 * large_size && counts.active == 0; }));
}

TEST(FrontReply, WaitsForASlowReader) {
  FrontSettings settings;
  settings.high_water = 64u << 10;
  settings.low_water = 16u << 10;
  Rig rig(settings);
  Client client(rig);
  client.shrink_receive_buffer();
  client.request("GET", "/flood");
  ASSERT_TRUE(rig.events().wait("full"));
  const auto counts = rig.counts();
  EXPECT_EQ(counts.active, 1u);
  const Answer answer = client.answer();
  EXPECT_EQ(answer.body.size(), flood_size);
  EXPECT_TRUE(answer.whole);
  EXPECT_GT(rig.events().count("full"), 1);
  EXPECT_GT(rig.events().count("writable"), 1);
}

TEST(FrontReply, LosesNothingWhenTheServiceDoesNotStop) {
  Rig rig;
  Client client(rig);
  client.request("GET", "/hold");
  ASSERT_TRUE(rig.events().wait("held"));
  rig.on_loop([&] {
    Reply& reply = *rig.service().held[0];
    reply.begin(200, {});
    for (int i = 0; i < 64; ++i) reply.write(std::string(64u << 10, 'x'));
    reply.end();
  });
  const Answer answer = client.answer();
  EXPECT_EQ(answer.body.size(), 64u * (64u << 10));
  EXPECT_TRUE(answer.whole);
}

TEST(ReplyHead, LeavesFramingToTheFrontAndLineEndsOutOfValues) {
  std::string out;
  const Field fields[] = {{"content-length", "999"}, {"connection", "x"}, {"transfer-encoding", "x"}, {"date", "x"}, {"x-model", "a\r\nset-cookie: b"}};
  ReplyShape shape;
  shape.size = 3;
  append_reply_head(out, 200, fields, shape, "date: now\r\n");
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nx-model: a  set-cookie: b\r\ndate: now\r\ncontent-length: 3\r\n\r\n");
}

TEST(ReplyHead, KnowsStatusesWithoutAName) {
  std::string out;
  append_reply_head(out, 299, {}, {}, {});
  EXPECT_TRUE(out.starts_with("HTTP/1.1 299 \r\n")) << out;
}

}  // namespace
}  // namespace belay::gateway::test
