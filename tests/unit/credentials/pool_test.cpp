#include "world.hpp"

namespace belay::credentials {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class Pools : public World {
 protected:
  void open_pool(Strategy strategy, std::vector<std::string> sources) {
    PoolSettings pool{.provider = "p", .origin = "http://127.0.0.1:9", .strategy = strategy, .credentials = {}};
    for (std::size_t i = 0; i < sources.size(); ++i)
      pool.credentials.push_back(key_from("k" + std::to_string(i + 1), sources[i]));
    open({std::move(pool)});
  }
};

TEST_F(Pools, FillFirstKeepsTheWrittenOrder) {
  open_pool(Strategy::fill_first, {"literal:sk-1", "literal:sk-2"});
  EXPECT_THAT(store->order("p"), ElementsAre("k1", "k2"));
  EXPECT_THAT(store->order("p"), ElementsAre("k1", "k2"));
}

TEST_F(Pools, RoundRobinGoesOnInTheNextProcess) {
  open_pool(Strategy::round_robin, {"literal:sk-1", "literal:sk-2"});
  EXPECT_THAT(store->order("p"), ElementsAre("k1", "k2"));
  reopen();
  EXPECT_THAT(store->order("p"), ElementsAre("k2", "k1"));
  reopen();
  EXPECT_THAT(store->order("p"), ElementsAre("k1", "k2"));
}

TEST_F(Pools, LeastUsedEvensOutOverWhatWasReallyUsed) {
  open_pool(Strategy::least_used, {"literal:sk-1", "literal:sk-2", "literal:sk-3"});
  EXPECT_THAT(store->order("p"), ElementsAre("k1", "k2", "k3"));
  EXPECT_THAT(store->order("p"), ElementsAre("k1", "k2", "k3")) << "a plan is no use";
  std::map<std::string, int> used;
  for (int i = 0; i < 9; ++i) {
    const std::string id = store->order("p").front();
    ++used[id];
    store->used("p", id);
    reopen();
  }
  EXPECT_THAT(used, ElementsAre(Pair("k1", 3), Pair("k2", 3), Pair("k3", 3)));
}

TEST_F(Pools, RandomIsDrawn) {
  open_pool(Strategy::random, {"literal:sk-1", "literal:sk-2", "literal:sk-3"});
  random.next = 0;
  EXPECT_THAT(store->order("p"), ElementsAre("k2", "k3", "k1"));
  random.next = 0.999;
  EXPECT_THAT(store->order("p"), ElementsAre("k1", "k2", "k3"));
}

TEST_F(Pools, TheSameSecretAppearsOnce) {
  open_pool(Strategy::round_robin, {"literal:sk-1", "literal:sk-1", "literal:sk-2"});
  EXPECT_THAT(store->order("p"), ElementsAre("k1", "k3"));
  EXPECT_THAT(store->order("p"), ElementsAre("k3", "k1"));
}

TEST_F(Pools, AMissingOneComesLastAndTakesNoTurn) {
  open_pool(Strategy::round_robin, {"env:BELAY_TEST_NOT_SET", "literal:sk-2", "literal:sk-3"});
  EXPECT_THAT(store->order("p"), ElementsAre("k2", "k3", "k1"));
  EXPECT_THAT(store->order("p"), ElementsAre("k3", "k2", "k1"));
}

TEST_F(Pools, OneWhoseCommandHasNotRunIsKept) {
  open_pool(Strategy::fill_first, {"exec:echo sk-1", "literal:sk-1"});
  EXPECT_THAT(store->order("p"), ElementsAre("k1", "k2"));
}

TEST_F(Pools, KeylessIsNoPool) {
  open({{.provider = "p", .origin = {}, .credentials = {}}});
  EXPECT_TRUE(store->keyless("p"));
  EXPECT_TRUE(store->order("p").empty());
  EXPECT_TRUE(store->keyless("unknown"));
}

}  // namespace
}  // namespace belay::credentials
