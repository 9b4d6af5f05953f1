// Legal requests, the odd ones too.
#include <string>

#include "client.hpp"

namespace belay::gateway::test {
namespace {

TEST(Front, AnswersARequest) {
  Rig rig;
  Client client(rig);
  client.request("POST", "/echo?a=1", "hello");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "POST /echo?a=1|hello");
  EXPECT_EQ(answer.field("content-type"), "text/plain");
  EXPECT_TRUE(parse_http_date(answer.field("date").value_or("")));
  EXPECT_FALSE(answer.closes());
}

TEST(Front, KeepsTheConnectionForTheNextRequest) {
  Rig rig;
  Client client(rig);
  for (int i = 0; i < 50; ++i) {
    const std::string body = std::to_string(i);
    client.request("POST", "/echo", body);
    ASSERT_EQ(client.answer().body, "POST /echo|" + body);
  }
  const auto counts = rig.counts();
  EXPECT_EQ(counts.accepted, 1u);
  EXPECT_EQ(counts.requests, 50u);
  EXPECT_EQ(counts.active, 0u);
  EXPECT_TRUE(rig.events().wait("destroyed", 50));
}

TEST(Front, AnswersPipelinedRequestsInOrder) {
  Rig rig;
  Client client(rig);
  std::string all;
  for (int i = 0; i < 20; ++i) {
    const std::string body(static_cast<std::size_t>(i), 'x');
    all += "POST /echo?" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(i) + "\r\n\r\n" + body;
  }
  client.send(all);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(client.answer().body, "POST /echo?" + std::to_string(i) + "|" + std::string(static_cast<std::size_t>(i), 'x'));
}

TEST(Front, BeginsTheNextRequestOnlyWhenTheReplyBeforeIsComplete) {
  Rig rig;
  Client client(rig);
  client.send("GET /hold HTTP/1.1\r\nHost: localhost\r\n\r\nGET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(rig.events().wait("held"));
  EXPECT_EQ(rig.events().count("GET /echo"), 0);
  rig.on_loop([&] { rig.service().held[0]->send(200, {}, "now"); });
  EXPECT_EQ(client.answer().body, "now");
  EXPECT_EQ(client.answer().body, "GET /echo|");
}

TEST(Front, AnswersPipelinedRequestsOfAClientThatHalfCloses) {
  Rig rig;
  Client client(rig);
  std::string all;
  for (int i = 0; i < 5; ++i) all += "GET /echo?" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  client.send(all);
  client.half_close();
  for (int i = 0; i < 5; ++i) ASSERT_EQ(client.answer().body, "GET /echo?" + std::to_string(i) + "|");
  EXPECT_TRUE(client.at_end());
}

TEST(Front, SpeaksHttp10) {
  Rig rig;
  Client closing(rig), kept(rig);
  closing.send("GET /echo HTTP/1.0\r\n\r\n");
  const Answer answer = closing.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.closes());
  EXPECT_TRUE(closing.at_end());
  for (int i = 0; i < 2; ++i) {
    kept.send("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(kept.answer().field("connection"), "keep-alive");
  }
}

TEST(Front, ClosesWhenAskedTo) {
  Rig rig;
  Client client(rig);
  client.send("GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(client.answer().closes());
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(rig.events().count("GET /smuggled"), 0);
}

TEST(Front, SendsNoBodyToHead) {
  Rig rig;
  Client client(rig);
  client.request("HEAD", "/echo");
  const Answer answer = client.answer(true);
  EXPECT_EQ(answer.field("content-length"), "11");
  client.request("HEAD", "/stream");
  EXPECT_EQ(client.answer(true).status, 200);
  client.request("GET", "/echo");
  EXPECT_EQ(client.answer().body, "GET /echo|");
}

struct Odd {
  const char* name;
  const char* bytes;
  const char* body;  ///< of the echo
};

const Odd odd[] = {
    {"blank lines before", "\r\n\r\nGET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /echo|"},
    {"names in any case", "GET /echo HTTP/1.1\r\nhOsT: localhost\r\nX-TELL: x-one\r\nX-One:  a b\t \r\n\r\n", "GET /echo x-one=a b|"},
    {"no space behind the colon", "GET /echo HTTP/1.1\r\nHost:localhost\r\nX-Tell:x-one\r\nX-One:1\r\n\r\n", "GET /echo x-one=1|"},
    {"an empty value", "GET /echo HTTP/1.1\r\nHost: localhost\r\nX-Tell: x-one\r\nX-One:\r\n\r\n", "GET /echo x-one=|"},
    {"bytes above 127 in a value", "GET /echo HTTP/1.1\r\nHost: localhost\r\nX-One: \xc3\xa4\r\n\r\n", "GET /echo|"},
    {"absolute form", "GET http://127.0.0.1:1/echo?q HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /echo?q|"},
    {"absolute form without path", "GET HTTP://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /|"},
    {"absolute form with a query only", "GET http://localhost?q HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /?q|"},
    {"percent encoding as sent", "GET /echo%2F%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /echo%2F%00|"},
    {"an unknown method", "BREW /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", "BREW /echo|"},
    {"OPTIONS without Origin", "OPTIONS /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", "OPTIONS /echo|"},
    {"127.9.9.9 with a port", "GET /echo HTTP/1.1\r\nHost: 127.9.9.9:80\r\n\r\n", "GET /echo|"},
    {"IPv6", "GET /echo HTTP/1.1\r\nHost: [::1]:7077\r\n\r\n", "GET /echo|"},
    {"Upgrade is not followed", "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", "GET /echo|"},
    {"an empty body that is announced", "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", "POST /echo|"},
    {"leading zeros in the length", "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0002\r\n\r\nhi", "POST /echo|hi"},
    {"a body of GET", "GET /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi", "GET /echo|hi"},
    {"chunks", "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n, 10 bytes\r\n0\r\n\r\n", "POST /echo|hello, 10 bytes"},
    {"Chunked in any case", "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: ChunkeD\r\n\r\n1\r\nx\r\n0\r\n\r\n", "POST /echo|x"},
    {"chunk extensions", "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;a;b=c;d=\"e\\\"f\"\r\nx\r\n0;last\r\n\r\n", "POST /echo|x"},
    {"trailers", "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n", "POST /echo|x"},
    {"a chunk size with leading zeros", "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0001\r\nx\r\n000\r\n\r\n", "POST /echo|x"},
    {"no chunk but the last", "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "POST /echo|"},
    {"Expect with the body at once", "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\nhi", "POST /echo|hi"},
    {"Expect without a body", "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\r\n", "POST /echo|"},
};

TEST(Front, TakesWhatIsOddButLegal) {
  Rig rig;
  for (const auto& one : odd) {
    SCOPED_TRACE(one.name);
    Client client(rig);
    client.send(one.bytes);
    EXPECT_EQ(client.answer().body, one.body);
    client.request("GET", "/echo?next");
    EXPECT_EQ(client.answer().body, "GET /echo?next|");
  }
}

TEST(Front, TakesItByteByByteToo) {
  Rig rig;
  for (const auto& one : odd) {
    if (std::string(one.name) == "Expect with the body at once") continue;  // it would hear 100 before
    SCOPED_TRACE(one.name);
    Client client(rig);
    client.send_bytewise(one.bytes);
    EXPECT_EQ(client.answer().body, one.body);
  }
}

TEST(Front, TellsWhoCalls) {
  Rig rig, on_unix({}, Rig::Tie::unix_socket);
  Client tcp(rig), socket(on_unix);
  tcp.request("GET", "/echo", {}, "X-Peer: 1\r\n");
  const auto text = tcp.answer().body;
  EXPECT_TRUE(text.starts_with("GET /echo peer=127.0.0.1:") && text.ends_with(" local|")) << text;
  socket.request("GET", "/echo", {}, "X-Peer: 1\r\n");
  EXPECT_EQ(socket.answer().body, "GET /echo peer=unix local|");
}

TEST(Front, AnswersOptionsForTheServer) {
  Rig rig;
  Client client(rig);
  client.request("OPTIONS", "*");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.field("allow"), "GET, POST, OPTIONS");
  EXPECT_FALSE(answer.field("content-length"));
}

TEST(Front, AnswersThoughTheServiceDoesNot) {
  Rig rig;
  Client client(rig);
  client.request("GET", "/empty");
  EXPECT_EQ(client.answer().status, 503);
}

}  // namespace
}  // namespace belay::gateway::test
