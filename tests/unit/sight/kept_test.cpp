#include "kept.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "kept_ring.hpp"
#include "rig.hpp"
#include "samples.hpp"

namespace belay::gateway::sight {
namespace {

using gateway::test::Rig;
using gateway::test::Sample;
using gateway::test::two_providers;
using std::chrono::milliseconds;

void put(KeptRing& ring, const std::string& id, const std::string& key = "ci") {
  Sample sample(id);
  sample.record.key = key;
  ring.put(sample.record);
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

/// What came back of a call, beside its trace.
void expect_same(const Kept& a, const Kept& b) {
  EXPECT_EQ(fallback::to_json(a.trace), fallback::to_json(b.trace));
  EXPECT_EQ(a.trace.left, b.trace.left);
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.wire, b.wire);
  EXPECT_EQ(a.began, b.began);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.stream, b.stream);
  EXPECT_EQ(a.gone, b.gone);
  EXPECT_EQ(a.bytes_in, b.bytes_in);
  EXPECT_EQ(a.bytes_out, b.bytes_out);
  EXPECT_EQ(a.total, b.total);
  EXPECT_EQ(a.overhead, b.overhead);
  EXPECT_EQ(a.first_content, b.first_content);
  ASSERT_EQ(a.stretches.size(), b.stretches.size());
  for (std::size_t i = 0; i < a.stretches.size(); ++i) {
    EXPECT_EQ(a.stretches[i].from, b.stretches[i].from);
    EXPECT_EQ(a.stretches[i].to, b.stretches[i].to);
  }
}

TEST(Packed, GivesBackAllThatThePagesTell) {
  Packing packing;
  {
    Sample sample;
    pack(packing, sample.record);
    expect_same(unpack(packing.view()), *keep(sample.record));
    const auto head = head_of(packing.view());
    EXPECT_EQ(head.id, sample.id);
    EXPECT_EQ(head.route, "r");
    EXPECT_EQ(head.key, "ci");
    EXPECT_EQ(head.outcome, fallback::Outcome::ok);
  }
  Sample odd("");
  auto& trace = odd.result.trace;
  trace.served_by.reset();
  trace.outcome = fallback::Outcome::failed;
  trace.reason = fallback::Reason::content_refused;
  trace.retry_after_ms = -1;
  trace.usage = {};
  trace.attempts.resize(40, trace.attempts.front());
  for (auto& attempt : trace.attempts) {
    attempt.message.assign(5000, 'm');
    attempt.generation = ~std::uint64_t{0};
    attempt.hold_ms = -1;
    attempt.duration_ms = std::numeric_limits<std::int64_t>::max() / 2'000'000;
    attempt.adjusted.resize(30, {"max_tokens", "\"max_completion_tokens\""});
  }
  odd.record.gone = odd.record.stream = true;
  odd.record.bytes_out = ~std::uint64_t{0};
  odd.record.first_content = std::chrono::nanoseconds(-1);
  pack(packing, odd.record);
  const auto back = unpack(packing.view());
  EXPECT_EQ(back.trace.id, odd.record.id);
  expect_same(back, *keep(odd.record));
}

TEST(KeptRing, KeepsTheLastOnesNewestFirst) {
  KeptRing ring(3);
  for (const char* id : {"a", "b", "c", "d", "e"}) put(ring, id);
  EXPECT_EQ(ids(ring.find({})), (Ids{"e", "d", "c"}));
  TraceFilter two;
  two.limit = 2;
  EXPECT_EQ(ids(ring.find(two)), (Ids{"e", "d"}));
}

TEST(KeptRing, FindsByIdKeyRouteAndOutcome) {
  KeptRing ring(10);
  put(ring, "a", "ci");
  put(ring, "b", "web");
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
  for (const char* id : {"a", "b", "c", "d"}) put(ring, id);
  ring.resize(2);
  EXPECT_EQ(ids(ring.find({})), (Ids{"d", "c"}));
  ring.resize(4);
  for (const char* id : {"e", "f", "g"}) put(ring, id);
  EXPECT_EQ(ids(ring.find({})), (Ids{"g", "f", "e", "d"}));
  ring.resize(0);
  put(ring, "h");
  EXPECT_EQ(ids(ring.find({})), Ids{});
}

}  // namespace
}  // namespace belay::gateway::sight
