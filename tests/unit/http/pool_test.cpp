// ConnectionPool: what is kept, and for how long.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "direct/pool.hpp"
#include "rig.hpp"

namespace belay::http::test {
namespace {

struct Ends {
  Fd ours, peers;
};

Ends connected() {
  int ends[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
  return {Fd(ends[0]), Fd(ends[1])};
}

bool is_closed(const Fd& peer) {
  char byte = 0;
  return ::recv(peer.get(), &byte, 1, 0) == 0;
}

/// A loop that the test runs by itself.
struct Ground {
  std::unique_ptr<Loop> loop = *Loop::create();
  std::shared_ptr<Site> site = std::make_shared<Site>();
  std::vector<Fd> peers;

  Connection& add(ConnectionPool& pool) {
    Ends ends = connected();
    peers.push_back(std::move(ends.peers));
    return *pool.add(site, std::move(ends.ours), pool.generation());
  }
};

TEST(ConnectionPool, GivesTheOneThatWasUsedLast) {
  Ground ground;
  ConnectionPool pool(*ground.loop, 10);
  Connection& one = ground.add(pool);
  Connection& two = ground.add(pool);
  EXPECT_EQ(pool.take(*ground.site), nullptr);
  pool.give_back(one);
  pool.give_back(two);

  EXPECT_EQ(pool.take(*ground.site), &two);
  EXPECT_EQ(pool.take(*ground.site), &one);
  EXPECT_EQ(pool.take(*ground.site), nullptr);
}

TEST(ConnectionPool, ClosesTheOldestBeyondItsLimitOverAllSites) {
  Ground ground;
  ConnectionPool pool(*ground.loop, 2);
  const auto other = std::make_shared<Site>();
  Ends ends = connected();
  pool.give_back(*pool.add(other, std::move(ends.ours), pool.generation()));
  pool.give_back(ground.add(pool));
  EXPECT_FALSE(is_closed(ends.peers));

  pool.give_back(ground.add(pool));

  EXPECT_TRUE(is_closed(ends.peers));
  EXPECT_EQ(pool.take(*other), nullptr);
  EXPECT_FALSE(is_closed(ground.peers[0]));
  EXPECT_FALSE(is_closed(ground.peers[1]));
}

TEST(ConnectionPool, KeepsNoneWhenItsLimitIsNone) {
  Ground ground;
  ConnectionPool pool(*ground.loop, 0);
  pool.give_back(ground.add(pool));
  EXPECT_TRUE(is_closed(ground.peers[0]));
}

TEST(ConnectionPool, ClosesWhatWasIdleForTooLong) {
  Ground ground;
  ConnectionPool pool(*ground.loop, 10, Millis(50));
  Connection& busy = ground.add(pool);
  pool.give_back(ground.add(pool));
  Timer look(*ground.loop, [&] { ground.loop->stop(); });
  look.arm_in(Millis(200));

  ground.loop->run();

  EXPECT_TRUE(is_closed(ground.peers[1]));
  EXPECT_FALSE(is_closed(ground.peers[0]));
  pool.give_back(busy);
  EXPECT_EQ(pool.take(*ground.site), &busy);
}

TEST(ConnectionPool, UsesNoneThatIsOlderThanRetireAll) {
  Ground ground;
  ConnectionPool pool(*ground.loop, 10);
  Connection& busy = ground.add(pool);
  pool.give_back(ground.add(pool));

  pool.retire_all();
  EXPECT_TRUE(is_closed(ground.peers[1]));
  EXPECT_FALSE(is_closed(ground.peers[0]));

  pool.give_back(busy);
  EXPECT_TRUE(is_closed(ground.peers[0]));
  pool.give_back(ground.add(pool));
  EXPECT_NE(pool.take(*ground.site), nullptr);
}

}  // namespace
}  // namespace belay::http::test
