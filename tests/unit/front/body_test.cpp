// Bodies of requests: large, awaited, refused.
#include <string>

#include "client.hpp"

namespace belay::gateway::test {
namespace {

TEST(FrontBody, TakesALargeOneUnchanged) {
  Rig rig;
  Client client(rig);
  std::string body(5'000'001, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 >> 3);
  client.request("POST", "/echo", body);
  EXPECT_EQ(client.answer().body, "POST /echo|" + body);
  EXPECT_EQ(rig.counts().bytes_in > body.size(), true);
}

TEST(FrontBody, TakesALargeChunkedOneUnchanged) {
  Rig rig;
  Client client(rig);
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string body;
  for (int i = 0; i < 100; ++i) {
    const std::string piece(static_cast<std::size_t>(1 + i * 997), static_cast<char>('a' + i % 26));
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    client.send(size + piece + "\r\n");
    body += piece;
  }
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.answer().body, "POST /echo|" + body);
}

TEST(FrontBody, IsAskedForWithContinue) {
  Rig rig;
  for (const std::string framing : {"Content-Length: 2\r\n", "Transfer-Encoding: chunked\r\n"}) {
    Client client(rig);
    client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n" + framing + "\r\n");
    EXPECT_EQ(client.answer().status, 100);
    client.send(framing.starts_with("C") ? "hi" : "2\r\nhi\r\n0\r\n\r\n");
    EXPECT_EQ(client.answer().body, "POST /echo|hi");
  }
}

TEST(FrontBody, IsNotAskedForWhenTheRequestIsRefused) {
  Rig rig;
  Client client(rig);
  client.send("POST /refuse HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(answer.closes());
}

TEST(FrontBody, OfHttp10IsNeverAskedFor) {
  Rig rig;
  Client client(rig);
  client.send("POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(client.answer().status, 200);
}

TEST(FrontBody, ASmallOneOfARefusedRequestIsDroppedAndTheConnectionKept) {
  Rig rig;
  Client client(rig);
  client.send("POST /refuse HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n0123");
  const Answer answer = client.answer();  // before the body is there
  EXPECT_EQ(answer.status, 401);
  EXPECT_FALSE(answer.closes());
  client.send("4567890123456789GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.answer().body, "GET /echo|");
}

TEST(FrontBody, ALargeOneOfARefusedRequestIsNotWaitedFor) {
  Rig rig;
  Client client(rig);
  client.send("POST /refuse HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n\r\n");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(answer.closes());
  EXPECT_TRUE(client.at_end());
}

TEST(FrontBody, AChunkedOneOfARefusedRequestEndsTheConnection) {
  Rig rig;
  Client client(rig);
  client.send("POST /refuse HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(client.answer().closes());
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(rig.events().count("GET /smuggled"), 0);
}

TEST(FrontBody, AnAnswerBeforeItsEndCloses) {
  Rig rig;
  Client client(rig);
  client.send("POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nxx");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 429);
  EXPECT_TRUE(answer.closes());
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(rig.events().count("body"), 0);
  EXPECT_EQ(rig.events().count("gone"), 0);
}

}  // namespace
}  // namespace belay::gateway::test
