// Calls under way: on the status page, in the gauges, and gone when they are over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rig.hpp"
#include "samples.hpp"

namespace belay::gateway::test {
namespace {

using testing::HasSubstr;

TEST(Live, ACallIsListedWithItsAttemptsUntilItEnds) {
  Rig rig(two_providers());
  Sample sample;
  std::shared_ptr<LiveCall> live;
  rig.on_loop(1, [&](SightWorker& worker) {
    live = worker.began({.id = sample.id,
                         .asked = "m",
                         .wire = "openai.chat/1",
                         .key = "ci",
                         .peer = "127.0.0.1:5",
                         .stream = true,
                         .began = sample.record.began});
    live->planned("r", true);
    live->attempt(sample.result.trace.attempts[0]);
    live->verdict(sample.result.trace.attempts[0]);
    live->attempt(sample.result.trace.attempts[1]);
  });

  auto status = rig.status().json();
  EXPECT_EQ(json::at(status, "/live_total")->GetInt(), 1);
  const auto& call = *json::at(status, "/live/0");
  EXPECT_EQ(json::string_at(call, "id"), sample.id);
  EXPECT_EQ(json::string_at(call, "route"), "r");
  EXPECT_EQ(json::bool_at(call, "stream"), true);
  EXPECT_TRUE(json::find(call, "committed")->IsNull());
  EXPECT_EQ(json::string_at(*json::at(call, "/attempts/0"), "reason"), "auth_rejected");
  EXPECT_EQ(json::bool_at(*json::at(call, "/attempts/0"), "over"), true);
  EXPECT_EQ(json::bool_at(*json::at(call, "/attempts/1"), "over"), false);
  EXPECT_TRUE(json::at(call, "/attempts/1/verdict")->IsNull());

  rig.on_loop(1, [&](SightWorker&) { live->committed("c", "m"); });
  EXPECT_EQ(json::string_at(*json::at(rig.status().json(), "/live/0"), "committed"), "c/m");
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_streams_open 1\n"));
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_calls_in_flight 1\n"));

  sample.record.live = live.get();
  rig.ended(1, sample.record);
  EXPECT_EQ(json::at(rig.status().json(), "/live")->Size(), 0u) << "although its owner still holds it";
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_streams_open 0\n"));
  rig.on_loop(1, [&](SightWorker&) { live.reset(); });
  EXPECT_THAT(rig.metrics().body, HasSubstr("belay_calls_in_flight 0\n"));
}

TEST(Live, OnesThatEndInAnyOrderLeaveTheOthers) {
  Rig rig(two_providers());
  std::vector<std::shared_ptr<LiveCall>> calls;
  const auto listed = [&] {
    std::string out;
    const auto status = rig.status().json();
    for (const auto& call : json::at(status, "/live")->GetArray()) out += *json::string_at(call, "id");
    return out;
  };
  rig.on_loop(0, [&](SightWorker& worker) {
    for (const char* id : {"a", "b", "c", "d"}) calls.push_back(worker.began({.id = id}));
    calls[1].reset();
  });
  EXPECT_EQ(listed(), "acd");
  rig.on_loop(0, [&](SightWorker&) { calls[0].reset(); });
  EXPECT_EQ(listed(), "cd");
  rig.on_loop(0, [&](SightWorker& worker) {
    calls[3].reset();
    calls.push_back(worker.began({.id = "e"}));
  });
  EXPECT_EQ(listed(), "ce");
  rig.on_loop(0, [&](SightWorker&) { calls.clear(); });
  EXPECT_EQ(listed(), "");
}

TEST(Live, ACallMayOutliveSight) {
  Rig rig(two_providers());
  std::shared_ptr<LiveCall> live;
  rig.on_loop(0, [&](SightWorker& worker) { live = worker.began({.id = "a"}); });
  rig.sight.reset();
  live->committed("c", "m");
  live.reset();
}

TEST(Live, ManyAreCountedAndTheOldestListed) {
  Rig rig(two_providers());
  std::vector<std::shared_ptr<LiveCall>> calls;
  rig.on_loop(0, [&](SightWorker& worker) {
    for (int i = 0; i < 1000; ++i) calls.push_back(worker.began({.id = std::to_string(i), .began = i}));
  });
  const auto status = rig.status().json();
  EXPECT_EQ(json::at(status, "/live_total")->GetInt(), 1000);
  EXPECT_EQ(json::at(status, "/live")->Size(), 200u);
  EXPECT_EQ(json::string_at(*json::at(status, "/live/199"), "id"), "199");
  rig.on_loop(0, [&](SightWorker&) { calls.clear(); });
}

}  // namespace
}  // namespace belay::gateway::test
