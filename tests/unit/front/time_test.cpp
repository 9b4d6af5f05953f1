// Limits of time. Each test lowers one of them to what it can wait for.
#include <string>

#include "client.hpp"

namespace belay::gateway::test {
namespace {

/// A byte now and then, until the client is refused.
void drip(Rig& rig, Client& client) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (rig.counts().refused == 0 && std::chrono::steady_clock::now() < until && client.send("x")) std::this_thread::sleep_for(Millis(20));
}

TEST(FrontTime, AHeadThatDoesNotComeIsAnswered408) {
  FrontSettings settings;
  settings.head_timeout = Millis(100);
  Rig rig(settings);
  Client client(rig);
  client.send("GET /echo HTTP/1.1\r\n");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 408);
  EXPECT_TRUE(answer.closes());
  EXPECT_TRUE(client.at_end());
}

TEST(FrontTime, AHeadThatDripsIsAnswered408Too) {
  FrontSettings settings;
  settings.head_timeout = Millis(300);
  Rig rig(settings);
  Client client(rig);
  client.send("GET /echo HTTP/1.1\r\nX: ");
  std::thread dripping([&] { drip(rig, client); });
  EXPECT_EQ(client.answer().status, 408);
  dripping.join();
}

TEST(FrontTime, ABodyThatStopsIsAnswered408AndItsVisitTold) {
  FrontSettings settings;
  settings.body_timeout = Millis(100);
  Rig rig(settings);
  for (const std::string begun : {"Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
    Client client(rig);
    client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\n" + begun);
    const Answer answer = client.answer();
    EXPECT_EQ(answer.status, 408);
    EXPECT_TRUE(answer.body.find("\"path\":\"/echo\"") != std::string::npos) << answer.body;
    EXPECT_TRUE(client.at_end());
  }
  EXPECT_TRUE(rig.events().wait("gone", 2));
  EXPECT_EQ(rig.events().count("body"), 0);
}

TEST(FrontTime, ABodyThatDripsIsAnswered408Too) {
  FrontSettings settings;
  settings.body_timeout = Millis(400);
  Rig rig(settings);
  Client client(rig);
  client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
  std::thread dripping([&] { drip(rig, client); });
  EXPECT_EQ(client.answer().status, 408);
  dripping.join();
}

TEST(FrontTime, AnIdleConnectionIsClosedWithoutAWord) {
  FrontSettings settings;
  settings.idle_timeout = Millis(100);
  Rig rig(settings);
  Client fresh(rig), used(rig);
  used.request("GET", "/echo");
  EXPECT_EQ(used.answer().status, 200);
  EXPECT_TRUE(fresh.at_end());
  EXPECT_TRUE(used.at_end());
  EXPECT_EQ(rig.counts().refused, 0u);
}

TEST(FrontTime, ARunningRequestIsNotIdle) {
  FrontSettings settings;
  settings.idle_timeout = settings.head_timeout = settings.body_timeout = Millis(50);
  Rig rig(settings);
  Client held(rig), idle(rig);
  held.request("GET", "/hold");
  ASSERT_TRUE(rig.events().wait("held"));
  EXPECT_TRUE(idle.at_end());  // so that much time has passed
  rig.on_loop([&] { rig.service().held[0]->send(200, {}, "late"); });
  EXPECT_EQ(held.answer().body, "late");
}

TEST(FrontTime, AClientThatReadsNothingIsGone) {
  FrontSettings settings;
  settings.write_timeout = Millis(200);
  settings.high_water = 64u << 10;
  Rig rig(settings);
  Client client(rig);
  client.shrink_receive_buffer();
  client.request("GET", "/flood");
  EXPECT_TRUE(rig.events().wait("gone"));
  EXPECT_TRUE(rig.events().wait("destroyed"));
}

}  // namespace
}  // namespace belay::gateway::test
