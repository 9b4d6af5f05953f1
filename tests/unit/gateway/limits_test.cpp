// Rates, places and budgets.
#include "limits.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace belay::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const MonoTime start{std::chrono::hours(100)};

TEST(Rate, AWholeMinutesWorthMayComeAtOnce) {
  Rate rate;
  rate.allow(60);
  for (int i = 0; i < 60; ++i) EXPECT_FALSE(rate.take(1, start)) << i;
  const auto wait = rate.take(1, start);
  ASSERT_TRUE(wait);
  EXPECT_EQ(*wait, Millis(1000));
  EXPECT_TRUE(rate.take(1, start + milliseconds(999)));
  EXPECT_FALSE(rate.take(1, start + seconds(1)));
  EXPECT_TRUE(rate.take(1, start + seconds(1)));
}

TEST(Rate, WhatIsNotTakenCostsNothing) {
  Rate rate;
  rate.allow(1);
  EXPECT_FALSE(rate.take(1, start));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(rate.take(1, start + seconds(30)));
  EXPECT_FALSE(rate.take(1, start + seconds(60)));
}

TEST(Rate, WithoutALimitLetsEverythingPass) {
  Rate rate;
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(rate.take(1'000'000, start));
  rate.charge(1'000'000'000'000, start);
  EXPECT_FALSE(rate.take(1, start));
}

TEST(Rate, AnOverdrawnAccountOpensWhenItIsPaidOff) {
  Rate rate;
  rate.allow(1000);
  EXPECT_FALSE(rate.take(0, start));
  rate.charge(1500, start);
  const auto wait = rate.take(0, start);
  ASSERT_TRUE(wait);
  EXPECT_GE(*wait, Millis(30'000));
  EXPECT_LE(*wait, Millis(30'001));
  EXPECT_FALSE(rate.take(0, start + milliseconds(30'001)));
}

TEST(Rate, ManyThreadsTakeExactlyWhatThereIs) {
  Rate rate;
  rate.allow(5000);
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) taken += rate.take(1, start) ? 0 : 1;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 5000);
}

runtime::GatewayKey limits(std::optional<std::int64_t> requests, std::optional<std::int64_t> tokens, std::optional<std::int64_t> concurrency) {
  runtime::GatewayKey key;
  key.requests_per_minute = requests;
  key.tokens_per_minute = tokens;
  key.max_concurrency = concurrency;
  return key;
}

TEST(Meter, PlacesAreGivenBack) {
  Meter meter;
  meter.allow(limits({}, {}, 2));
  EXPECT_EQ(meter.begin(start).limit, Meter::Limit::none);
  EXPECT_EQ(meter.begin(start).limit, Meter::Limit::none);
  EXPECT_EQ(meter.begin(start).limit, Meter::Limit::concurrency);
  meter.end(0, start);
  EXPECT_EQ(meter.begin(start).limit, Meter::Limit::none);
}

TEST(Meter, ARefusedRequestTakesNoPlace) {
  Meter meter;
  meter.allow(limits(1, {}, 1));
  EXPECT_EQ(meter.begin(start).limit, Meter::Limit::none);
  meter.end(0, start);
  EXPECT_EQ(meter.begin(start).limit, Meter::Limit::requests);
  EXPECT_EQ(meter.begin(start + seconds(60)).limit, Meter::Limit::none);
}

TEST(Meter, TokensAreChargedWhenTheyAreKnown) {
  Meter meter;
  meter.allow(limits({}, 100, {}));
  EXPECT_EQ(meter.begin(start).limit, Meter::Limit::none);
  meter.end(150, start);
  const auto verdict = meter.begin(start);
  EXPECT_EQ(verdict.limit, Meter::Limit::tokens);
  EXPECT_GE(verdict.wait, Millis(30'000));
}

runtime::GatewayBudget budget(std::optional<std::int64_t> requests, std::optional<std::int64_t> tokens) { return {"r", requests, tokens, Millis(60'000)}; }

TEST(Budget, ClosesWhenItIsSpentAndOpensWithTheNextWindow) {
  Budget spent("r");
  spent.allow(budget(2, {}));
  const UnixMs now = 600'000'010'000;
  EXPECT_FALSE(spent.take(now));
  EXPECT_FALSE(spent.take(now));
  const auto wait = spent.take(now);
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->count(), 60'000 - now % 60'000);
  EXPECT_FALSE(spent.take(now + wait->count()));
}

TEST(Budget, CountsTokens) {
  Budget spent("r");
  spent.allow(budget({}, 100));
  EXPECT_FALSE(spent.take(1000));
  spent.charge(99, 1000);
  EXPECT_FALSE(spent.take(1000));
  spent.charge(1, 1000);
  EXPECT_TRUE(spent.take(1000));
}

TEST(Budget, IsSharedThroughTheState) {
  auto state = state::open("memory:");
  ASSERT_TRUE(state);
  Budget one("r"), two("r");
  one.allow(budget(3, {}));
  two.allow(budget(3, {}));
  const UnixMs now = 600'000'000'000;
  EXPECT_FALSE(one.take(now));
  EXPECT_FALSE(one.take(now));
  EXPECT_FALSE(two.take(now));
  one.share(**state, now);
  two.share(**state, now);
  EXPECT_TRUE(two.take(now)) << "three were used by both";
  EXPECT_FALSE(one.take(now)) << "it has not looked again";
  one.share(**state, now);
  EXPECT_TRUE(one.take(now));
  two.share(**state, now);
  two.share(**state, now);
  EXPECT_NE((*state)->get("budget/r")->value().find("\"requests\":4"), std::string::npos) << "each is counted once: " << (*state)->get("budget/r")->value();
}

TEST(Budget, OfARestartedGatewayIsWhatItWas) {
  auto state = state::open("memory:");
  ASSERT_TRUE(state);
  const UnixMs now = 600'000'000'000;
  {
    Budget before("r");
    before.allow(budget(1, {}));
    EXPECT_FALSE(before.take(now));
    before.share(**state, now);
  }
  Budget after("r");
  after.allow(budget(1, {}));
  after.share(**state, now);
  EXPECT_TRUE(after.take(now));
}

}  // namespace
}  // namespace belay::gateway
