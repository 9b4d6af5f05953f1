// Pages of allowed origins may call, and are told so.
#include <string>

#include "client.hpp"

namespace belay::gateway::test {
namespace {

FrontSettings with_names() {
  FrontSettings settings;
  settings.hosts = {"belay.internal"};
  settings.origins = {"https://tools.example.com"};
  return settings;
}

TEST(FrontCors, AnswersThePreflight) {
  Rig rig(with_names());
  Client client(rig);
  client.request("OPTIONS", "/v1/chat/completions", {},
                 "Origin: https://tools.example.com\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization,content-type\r\n"
                 "Access-Control-Request-Private-Network: true\r\n");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.field("access-control-allow-origin"), "https://tools.example.com");
  EXPECT_EQ(answer.field("access-control-allow-methods"), "GET, POST, OPTIONS");
  EXPECT_EQ(answer.field("access-control-allow-headers"), "authorization,content-type");
  EXPECT_EQ(answer.field("access-control-allow-private-network"), "true");
  EXPECT_TRUE(answer.field("access-control-max-age"));
  EXPECT_EQ(answer.field("vary"), "Origin");
  EXPECT_EQ(rig.events().count("OPTIONS /v1/chat/completions"), 0);
}

TEST(FrontCors, RepliesNameTheOrigin) {
  Rig rig;
  Client client(rig);
  for (const std::string path : {"/echo", "/stream", "/refuse"}) {
    client.request("GET", path, {}, "Origin: http://localhost:5173\r\n");
    const Answer answer = client.answer();
    EXPECT_EQ(answer.field("access-control-allow-origin"), "http://localhost:5173");
    EXPECT_TRUE(answer.field("access-control-expose-headers").value_or("").find("belay-request-id") != std::string::npos);
  }
  client.request("GET", "/echo");
  EXPECT_FALSE(client.answer().field("access-control-allow-origin"));
}

TEST(FrontCors, RefusalsOfAPassingOriginNameItToo) {
  Rig rig;
  Client client(rig);
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.field("access-control-allow-origin"), "http://localhost");
}

TEST(FrontCors, ARefusedOriginIsNotNamed) {
  Rig rig;
  Client client(rig);
  client.request("OPTIONS", "/echo", {}, "Origin: https://tools.example.com\r\nAccess-Control-Request-Method: POST\r\n");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 403);
  EXPECT_FALSE(answer.field("access-control-allow-origin"));
}

TEST(FrontHost, ANameOfTheSettingsPasses) {
  Rig rig(with_names());
  Client client(rig);
  client.send("GET /echo HTTP/1.1\r\nHost: Belay.Internal:7077\r\n\r\n");
  EXPECT_EQ(client.answer().status, 200);
}

TEST(FrontHost, AnyPassesOverAUnixSocket) {
  Rig rig({}, Rig::Tie::unix_socket);
  Client client(rig);
  client.send("GET /echo HTTP/1.1\r\nHost: whatever.example\r\n\r\n");
  EXPECT_EQ(client.answer().status, 200);
}

TEST(FrontHost, AnyPassesAnOpenListenerUnlessSomeAreNamed) {
  Rig free({}, Rig::Tie::open_tcp), named(with_names(), Rig::Tie::open_tcp);
  Client a(free), b(named), c(named);
  a.send("GET /echo HTTP/1.1\r\nHost: whatever.example\r\n\r\n");
  EXPECT_EQ(a.answer().status, 200);
  b.send("GET /echo HTTP/1.1\r\nHost: whatever.example\r\n\r\n");
  EXPECT_EQ(b.answer().status, 403);
  c.send("GET /echo HTTP/1.1\r\nHost: belay.internal\r\n\r\n");
  EXPECT_EQ(c.answer().status, 200);
}

}  // namespace
}  // namespace belay::gateway::test
