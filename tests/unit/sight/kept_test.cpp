#include "kept.hpp"

#include <gtest/gtest.h>

#include "kept_ring.hpp"
#include "rig.hpp"
#include "samples.hpp"

namespace belay::gateway::sight {
namespace {

using gateway::test::Rig;
using gateway::test::Sample;
using gateway::test::two_providers;
using std::chrono::milliseconds;

KeptPtr kept(const std::string& id, const std::string& key = "ci") {
  Sample sample(id);
  sample.record.key = key;
  return keep(sample.record);
}

std::vector<std::string> ids(const std::vector<KeptPtr>& found) {
  std::vector<std::string> out;
  for (const auto& one : found) out.push_back(one->trace.id);
  return out;
}

using Ids = std::vector<std::string>;

TEST(Keep, UnstampedAttemptsAreLaidEndToEnd) {
  Sample sample;
  const auto one = keep(sample.record);
  ASSERT_EQ(one->stretches.size(), 2u);
  EXPECT_EQ(one->stretches[0].from, milliseconds(0));
  EXPECT_EQ(one->stretches[0].to, milliseconds(120));
  EXPECT_EQ(one->stretches[1].from, milliseconds(120));
  EXPECT_EQ(one->stretches[1].to, milliseconds(810));
}

TEST(Keep, StampedAttemptsStandWhereTheyWere) {
  Rig rig(two_providers());
  rig.on_loop(0, [](SightWorker& worker) {
    Sample sample;
    const auto live = worker.began({.id = sample.id, .asked = "r"});
    auto& attempts = sample.result.trace.attempts;
    attempts[0].duration_ms = attempts[1].duration_ms =
        60'000;  // longer than what was stamped: the stamps are more exact
    live->attempt(attempts[0]);
    live->verdict(attempts[0]);
    live->attempt(attempts[1]);
    live->verdict(attempts[1]);
    sample.record.live = live.get();
    const auto one = keep(sample.record);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(one->stretches[i].from, live->attempts()[i].began - live->began());
      EXPECT_EQ(one->stretches[i].to, live->attempts()[i].ended - live->began());
    }
    EXPECT_GE(one->stretches[1].from, one->stretches[0].to);

    attempts[0].duration_ms = 0;  // a refresh between the exchange and its verdict is no part of it
    EXPECT_LE(keep(sample.record)->stretches[0].to, one->stretches[0].from + milliseconds(1));
  });
}

TEST(Keep, WhatClientsSayIsCutAndMadeFitForJson) {
  Sample sample;
  const std::string agent = std::string(1000, 'a'), path = "/\xff\xfe/x";
  sample.record.user_agent = agent;
  sample.record.path = path;
  const auto one = keep(sample.record);
  EXPECT_EQ(one->user_agent.size(), 256u);
  EXPECT_EQ(one->path, "/\xEF\xBF\xBD\xEF\xBF\xBD/x");
}

TEST(KeptRing, KeepsTheLastOnesNewestFirst) {
  KeptRing ring(3);
  for (const char* id : {"a", "b", "c", "d", "e"}) ring.put(kept(id));
  EXPECT_EQ(ids(ring.find({})), (Ids{"e", "d", "c"}));
  TraceFilter two;
  two.limit = 2;
  EXPECT_EQ(ids(ring.find(two)), (Ids{"e", "d"}));
}

TEST(KeptRing, FindsByIdKeyRouteAndOutcome) {
  KeptRing ring(10);
  ring.put(kept("a", "ci"));
  ring.put(kept("b", "web"));
  TraceFilter filter;
  filter.key = "web";
  EXPECT_EQ(ids(ring.find(filter)), Ids{"b"});
  filter.id = "a";
  EXPECT_EQ(ids(ring.find(filter)), Ids{}) << "that of another key";
  filter = {};
  filter.outcome = "failed";
  EXPECT_EQ(ids(ring.find(filter)), Ids{});
  filter.outcome = "ok";
  filter.route = "r";
  EXPECT_EQ(ids(ring.find(filter)), (Ids{"b", "a"}));
}

TEST(KeptRing, AnotherSizeKeepsTheNewest) {
  KeptRing ring(3);
  for (const char* id : {"a", "b", "c", "d"}) ring.put(kept(id));
  ring.resize(2);
  EXPECT_EQ(ids(ring.find({})), (Ids{"d", "c"}));
  ring.resize(4);
  for (const char* id : {"e", "f", "g"}) ring.put(kept(id));
  EXPECT_EQ(ids(ring.find({})), (Ids{"g", "f", "e", "d"}));
  ring.resize(0);
  ring.put(kept("h"));
  EXPECT_EQ(ids(ring.find({})), Ids{});
}

}  // namespace
}  // namespace belay::gateway::sight
