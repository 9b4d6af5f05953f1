// Bytes that are no legal request: each gets one reply that closes, can be read whole, and hides no second request.
#include <string>

#include "client.hpp"

namespace belay::gateway::test {
namespace {

using namespace std::string_literals;

struct Hostile {
  const char* name;
  std::string bytes;
  int status;
};

std::string head(const std::string& fields) { return "POST /echo HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n"; }
std::string chunked(const std::string& body) { return head("Transfer-Encoding: chunked\r\n") + body; }
std::string get(const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"; }
std::string of_host(const std::string& host) { return "GET /echo HTTP/1.1\r\nHost: " + host + "\r\n\r\n"; }

FrontSettings small() {
  FrontSettings settings;
  settings.max_head_bytes = 8192;
  settings.max_body_bytes = 65536;
  return settings;
}

std::vector<Hostile> hostile() {
  std::string many_fields, tiny_chunks;
  for (int i = 0; i < 300; ++i) many_fields += "A: b\r\n";
  for (int i = 0; i < 100; ++i) tiny_chunks += "1;" + std::string(200, 'e') + "\r\nx\r\n";
  return {
      // What is no HTTP/1.1 at all.
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"HTTP/2.0 on a path", "GET /echo HTTP/2.0\r\nHost: localhost\r\n\r\n", 505},
      {"HTTP/1.2", "GET /echo HTTP/1.2\r\nHost: localhost\r\n\r\n", 505},
      {"HTTP/0.9", "GET /echo\r\n\r\n", 400},
      {"no version", "GET /echo \r\n\r\n", 400},
      {"a misspelt version", "GET /echo HTTQ/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"a version in lower case", "GET /echo http/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"a version with more digits", "GET /echo HTTP/1.10\r\nHost: localhost\r\n\r\n", 400},
      {"a space behind the version", "GET /echo HTTP/1.1 \r\nHost: localhost\r\n\r\n", 400},
      {"a TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
      {"SSH", "SSH-2.0-OpenSSH_9.2\r\n\r\n", 400},
      {"zero bytes", std::string(16, '\0'), 400},
      {"an SMTP client", "EHLO mail.example\r\n\r\n", 400},
      {"too many blank lines", "\r\n\r\n\r\n\r\n\r\n\r\nGET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"a bare LF before", "\nGET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"a space before the method", " GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"two spaces behind the method", "GET  /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"two spaces behind the target", "GET /echo  HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"a tab behind the method", "GET\t/echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"a method with a bracket", "GE(T /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"a method with a NUL", "GE\0T /echo HTTP/1.1\r\nHost: localhost\r\n\r\n"s, 400},
      // Lines.
      {"bare LF", "GET /echo HTTP/1.1\nHost: localhost\n\n", 400},
      {"bare LF at the end", "GET /echo HTTP/1.1\r\nHost: localhost\r\n\n", 400},
      {"bare LF within", "GET /echo HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n", 400},
      {"lone CR in a value", "GET /echo HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n", 400},
      {"lone CR in the target", "GET /ec\rho HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"CR CR LF", "GET /echo HTTP/1.1\r\nHost: localhost\r\r\n\r\n", 400},
      {"a folded field", "GET /echo HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", 400},
      {"a folded field, tab", "GET /echo HTTP/1.1\r\nHost: localhost\r\nX:\r\n\tb\r\n\r\n", 400},
      {"a folded Transfer-Encoding", "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
      {"white space behind the request line", "GET /echo HTTP/1.1\r\n Host: localhost\r\n\r\n", 400},
      // Fields.
      {"a space before the colon", "GET /echo HTTP/1.1\r\nHost : localhost\r\n\r\n", 400},
      {"a space before a length's colon", "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length : 5\r\n\r\nhello", 400},
      {"a name with a space", head("X Y: z\r\n"), 400},
      {"no name", head(": z\r\n"), 400},
      {"no colon", head("nonsense\r\n"), 400},
      {"NUL in a value", head("X: a\0b\r\n"s), 400},
      {"BEL in a value", head("X: a\x07" "b\r\n"), 400},
      {"DEL in a value", head("X: a\x7f" "b\r\n"), 400},
      {"NUL in a name", head("X\0Y: z\r\n"s), 400},
      {"a byte above 127 in a name", head("X\xe4: z\r\n"), 400},
      {"Connection that is no list", head("Connection: close @\r\n"), 400},
      {"too many fields", head(many_fields), 431},
      {"a field that is too long", head("X: " + std::string(9000, 'x') + "\r\n"), 431},
      {"a target that is too long", get("/" + std::string(9000, 'x')), 431},
      {"a line that never ends", std::string(9000, 'x'), 431},
      // Targets.
      {"a control character in the target", get("/ec\x01ho"), 400},
      {"a byte above 127 in the target", get("/\xc3\xa4"), 400},
      {"a fragment", get("/echo#part"), 400},
      {"no slash", get("echo"), 400},
      {"an asterisk for GET", get("*"), 400},
      {"another scheme", get("ftp://localhost/echo"), 400},
      {"a target with a user", get("http://me@localhost/echo"), 400},
      {"a target without authority", get("http:///echo"), 400},
      {"CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", 501},
      {"CONNECT to a path", "CONNECT /echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 501},
      // Host.
      {"no Host", "GET /echo HTTP/1.1\r\n\r\n", 400},
      {"an empty Host", of_host(""), 400},
      {"two Hosts", of_host("localhost\r\nHost: localhost"), 400},
      {"a list of Hosts", of_host("localhost, evil.example"), 400},
      {"a Host with a slash", of_host("localhost/x"), 400},
      {"a Host with a user", of_host("localhost@evil.example"), 400},
      {"a Host with a space", of_host("localhost evil.example"), 400},
      {"a Host with a bad port", of_host("localhost:99999"), 400},
      {"a Host with a word for a port", of_host("localhost:http"), 400},
      {"a Host with half a bracket", of_host("[::1"), 400},
      {"a Host with a bad IPv6 address", of_host("[::zz]"), 400},
      {"somebody else's Host", of_host("evil.example"), 403},
      {"a Host that begins like a loopback address", of_host("127.0.0.1.evil.example"), 403},
      {"a Host that begins like localhost", of_host("localhost.evil.example"), 403},
      {"another address", of_host("10.0.0.1"), 403},
      {"a target of somebody else", "GET http://evil.example/echo HTTP/1.1\r\nHost: localhost\r\n\r\n", 403},
      {"an Origin of somebody else", head("Origin: https://evil.example\r\n"), 403},
      {"an opaque Origin", head("Origin: null\r\n"), 403},
      {"an Origin that begins like ours", head("Origin: http://localhost.evil.example\r\n"), 403},
      {"an Origin of another scheme", head("Origin: file://localhost\r\n"), 403},
      {"two Origins", head("Origin: http://localhost\r\nOrigin: http://localhost\r\n"), 400},
      // Two ways to see where a body ends.
      {"CL and TE", head("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\nX", 400},
      {"TE and CL", head("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n") + "5c\r\n", 400},
      {"TE that is unknown and CL", head("Content-Length: 4\r\nTransfer-Encoding: xchunked\r\n"), 400},
      {"unknown TE before CL", head("Transfer-Encoding: identity\r\nContent-Length: 4\r\n"), 400},
      {"two different lengths", head("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
      {"two equal lengths", head("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
      {"a list of equal lengths", head("Content-Length: 5, 5\r\n"), 400},
      {"1,1", head("Content-Length: 1,1\r\n"), 400},
      {"+1", head("Content-Length: +1\r\n"), 400},
      {"-1", head("Content-Length: -1\r\n"), 400},
      {"0x10", head("Content-Length: 0x10\r\n"), 400},
      {"1.0", head("Content-Length: 1.0\r\n"), 400},
      {"a length of two words", head("Content-Length: 1 1\r\n"), 400},
      {"no length in a length", head("Content-Length:\r\n"), 400},
      {"a length beyond 64 bits", head("Content-Length: 99999999999999999999\r\n"), 400},
      {"2^64", head("Content-Length: 18446744073709551616\r\n"), 400},
      {"2^64 - 1", head("Content-Length: 18446744073709551615\r\n"), 413},
      {"more than is taken", head("Content-Length: 65537\r\n"), 413},
      {"xchunked", head("Transfer-Encoding: xchunked\r\n"), 400},
      {"chunked, identity", head("Transfer-Encoding: chunked, identity\r\n"), 400},
      {"chunked, chunked", head("Transfer-Encoding: chunked, chunked\r\n"), 501},
      {"chunked twice", head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"gzip, chunked", head("Transfer-Encoding: gzip, chunked\r\n"), 501},
      {"identity", head("Transfer-Encoding: identity\r\n"), 400},
      {"quoted chunked", head("Transfer-Encoding: \"chunked\"\r\n"), 400},
      {"chunked with a parameter", head("Transfer-Encoding: chunked;q=1\r\n"), 400},
      {"chunked with vertical tab", head("Transfer-Encoding: \x0b" "chunked\r\n"), 400},
      {"no coding", head("Transfer-Encoding:\r\n"), 400},
      {"TE in HTTP/1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      // Chunks.
      {"a size that is no number", chunked("zz\r\n"), 400},
      {"no size", chunked("\r\n\r\n"), 400},
      {"a negative size", chunked("-1\r\n"), 400},
      {"a size with a sign", chunked("+1\r\nx\r\n"), 400},
      {"a size beyond 64 bits", chunked("10000000000000000\r\n"), 400},
      {"the largest size", chunked("ffffffffffffffff\r\n"), 413},
      {"0x5", chunked("0x5\r\nhello\r\n0\r\n\r\n"), 400},
      {"a space before the size", chunked(" 5\r\nhello\r\n"), 400},
      {"a space behind the size", chunked("5 \r\nhello\r\n"), 400},
      {"bare LF behind the size", chunked("5\nhello\n0\n\n\r\n"), 400},
      {"no line end behind the data", chunked("5\r\nhelloX\r\n0\r\n\r\n"), 400},
      {"more data than the size", chunked("5\r\nhello!!\r\n0\r\n\r\n"), 400},
      {"lone CR behind the size", chunked("5\rX\r\n"), 400},
      {"an LF in an extension", chunked("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"), 400},
      {"a NUL in an extension", chunked("5;a=\"\0\"\r\n"s), 400},
      {"a quoted extension that does not end on its line", chunked("5;a=\"b\r\nhello\r\n"), 400},
      {"the same in the last chunk", chunked("0;a=\"b\r\n"), 400},
      {"an extension without name", chunked("5;=x\r\nhello\r\n"), 400},
      {"extensions that are too long", chunked("1;" + std::string(9000, 'e') + "\r\n"), 431},
      {"extensions that are too many", chunked(tiny_chunks), 431},
      {"a bad trailer", chunked("0\r\nX Y: z\r\n\r\n"), 400},
      {"a Content-Length in the trailers", chunked("0\r\nContent-Length: 5\r\n\r\n"), 400},
      {"a Transfer-Encoding in the trailers", chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400},
      {"trailers that are too long", chunked("0\r\nX: " + std::string(9000, 't') + "\r\n\r\n"), 431},
      {"more chunks than are taken", chunked("8000\r\n" + std::string(0x8000, 'x') + "\r\n8000\r\n" + std::string(0x8000, 'x') + "\r\n1\r\nx\r\n"), 413},
      // Expectations.
      {"another expectation", head("Expect: 200-ok\r\nContent-Length: 1\r\n"), 417},
      {"two expectations", head("Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 1\r\n"), 417},
  };
}

const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

void expect_one_refusal(Client& client, int status) {
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, status) << answer.body;
  EXPECT_TRUE(answer.closes());
  EXPECT_TRUE(answer.whole);
  EXPECT_EQ(answer.field("content-type"), "application/json");
  EXPECT_EQ(answer.field("belay-request-id"), "01J");
  EXPECT_TRUE(answer.body.find("\"message\":\"") != std::string::npos) << answer.body;
  EXPECT_TRUE(client.at_end());
}

TEST(FrontHostile, EveryCaseGetsAReplyThatCloses) {
  Rig rig(small());
  const auto all = hostile();
  ASSERT_GE(all.size(), 60u);
  for (const auto& one : all) {
    SCOPED_TRACE(one.name);
    Client client(rig);
    client.send(one.bytes + smuggled);
    expect_one_refusal(client, one.status);
  }
  EXPECT_EQ(rig.events().count("GET /smuggled"), 0);
  EXPECT_EQ(rig.counts().refused, all.size());
}

TEST(FrontHostile, ByteByByteGivesTheSame) {
  Rig rig(small());
  for (const auto& one : hostile()) {
    if (one.bytes.size() > 1000) continue;  // what is only too long is cut by the sockets anyway
    SCOPED_TRACE(one.name);
    Client client(rig);
    client.send_bytewise(one.bytes + smuggled);
    expect_one_refusal(client, one.status);
  }
  EXPECT_EQ(rig.events().count("GET /smuggled"), 0);
}

TEST(FrontHostile, AHalfRequestIsAnsweredWhenItsSenderStops) {
  Rig rig;
  for (const std::string half : {"G", "GET /echo HTTP/1.1\r\nHost: loc", "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhel",
                                 "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"}) {
    SCOPED_TRACE(half);
    Client client(rig);
    client.send(half);
    client.half_close();
    expect_one_refusal(client, 400);
  }
  EXPECT_TRUE(rig.events().wait("gone", 2));
}

TEST(FrontHostile, ARefusalCanBeReadWhileTheClientStillSends) {
  Rig rig(small());
  Client client(rig);
  client.send(head("Content-Length: 50000000\r\n"));
  const std::string piece(64u << 10, 'x');
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(client.send(piece));  // nothing of this is kept, nor does it reset the connection
  expect_one_refusal(client, 413);
  EXPECT_FALSE(client.was_reset());
}

TEST(FrontHostile, ARefusalNamesThePathWhereThereIsOne) {
  Rig rig(small());
  Client early(rig), late(rig);
  early.send(head("Content-Length: 65537\r\n"));
  EXPECT_TRUE(early.answer().body.find("\"path\":\"/echo\"") != std::string::npos);
  late.send(chunked("zz\r\n"));
  EXPECT_TRUE(late.answer().body.find("\"path\":\"/echo\"") != std::string::npos);
}

}  // namespace
}  // namespace belay::gateway::test
