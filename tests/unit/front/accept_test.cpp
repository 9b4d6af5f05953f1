// Many clients, more than may come in, and no descriptors left.
#include <sys/resource.h>
#include <fcntl.h>

#include <list>
#include <string>

#include "client.hpp"

namespace belay::gateway::test {
namespace {

TEST(FrontAccept, ServesManyConnections) {
  Rig rig;
  std::list<Client> clients;
  for (int i = 0; i < 200; ++i) clients.emplace_back(rig);
  for (int round = 0; round < 3; ++round) {
    for (auto& client : clients) client.request("POST", "/echo", "hello");
    for (auto& client : clients) ASSERT_EQ(client.answer().body, "POST /echo|hello");
  }
  EXPECT_EQ(rig.counts().open, 200u);
  EXPECT_EQ(rig.counts().requests, 600u);
  clients.clear();
  EXPECT_TRUE(rig.wait_for([](const FrontCounts& counts) { return counts.open == 0; }));
}

TEST(FrontAccept, LetsNobodyInBeyondTheLimitUntilSomebodyLeaves) {
  FrontSettings settings;
  settings.max_connections = 2;
  Rig rig(settings);
  std::list<Client> inside;
  for (int i = 0; i < 2; ++i) {
    inside.emplace_back(rig);
    inside.back().request("GET", "/echo");
    EXPECT_EQ(inside.back().answer().status, 200);
  }
  Client outside(rig);
  outside.request("GET", "/echo");
  inside.back().request("GET", "/echo");
  EXPECT_EQ(inside.back().answer().status, 200);
  EXPECT_EQ(rig.counts().accepted, 2u);
  inside.pop_back();
  EXPECT_EQ(outside.answer().status, 200);
}

TEST(FrontAccept, GoesOnWhenThereAreDescriptorsAgain) {
  Rig rig;
  Client client(rig);
  ASSERT_TRUE(rig.wait_for([](const FrontCounts& counts) { return counts.accepted == 1; }));
  Client waiting_socket(rig);  // its connection may already be accepted; the next one's is not
  ASSERT_TRUE(rig.wait_for([](const FrontCounts& counts) { return counts.accepted == 2; }));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int lowest_free = ::fcntl(0, F_DUPFD, 0);
  ASSERT_GE(lowest_free, 0);
  ::close(lowest_free);
  // One number is left, and the client takes it.
  rlimit tight{static_cast<rlim_t>(lowest_free) + 1, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  Client shut_out(rig);
  shut_out.request("GET", "/echo");
  client.request("GET", "/echo");
  EXPECT_EQ(client.answer().status, 200);
  EXPECT_EQ(rig.counts().accepted, 2u);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(shut_out.answer().status, 200);
}

TEST(FrontAccept, LaterConnectionsGetLaterSettings) {
  Rig rig;
  Client before(rig);
  ASSERT_TRUE(rig.wait_for([](const FrontCounts& counts) { return counts.accepted == 1; }));
  FrontSettings settings;
  settings.max_body_bytes = 2;
  rig.on_loop([&] { rig.front().use(settings); });
  Client after(rig);
  before.request("POST", "/echo", "four");
  after.request("POST", "/echo", "four");
  EXPECT_EQ(before.answer().status, 200);
  EXPECT_EQ(after.answer().status, 413);
}

}  // namespace
}  // namespace belay::gateway::test
