#include "base/workers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>
#include <thread>
#include <vector>

namespace belay {
namespace {

TEST(Workers, RunEveryJobBeforeTheyEnd) {
  std::atomic<int> ran{0};
  {
    Workers workers(3);
    for (int i = 0; i < 1000; ++i) workers.run([&] { ++ran; });
  }
  EXPECT_EQ(ran, 1000);
}

// Each job waits for all the others: with fewer threads than jobs this would never end.
TEST(Workers, GrowUntilEveryBlockedJobHasAThread) {
  constexpr int jobs = 20;
  std::atomic<int> inside{0};
  std::promise<void> all;
  const auto everyone = all.get_future().share();
  Workers workers(jobs);
  for (int i = 0; i < jobs; ++i) {
    workers.run([&] {
      if (++inside == jobs) all.set_value();
      everyone.wait();
    });
  }
  everyone.wait();
  EXPECT_EQ(inside, jobs);
}

TEST(Workers, NeverRunMoreThanTheLimitAtOnce) {
  std::atomic<int> inside{0}, most{0};
  {
    Workers workers(4);
    for (int i = 0; i < 400; ++i) {
      workers.run([&] {
        const int now = ++inside;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        std::this_thread::yield();
        --inside;
      });
    }
  }
  EXPECT_LE(most, 4);
}

TEST(Workers, AnIdleThreadIsUsedAgain) {
  std::set<std::thread::id> threads;
  Workers workers(8);
  for (int i = 0; i < 50; ++i) {
    std::promise<std::thread::id> ran;
    workers.run([&] { ran.set_value(std::this_thread::get_id()); });
    threads.insert(ran.get_future().get());
  }
  EXPECT_LE(threads.size(), 8u);
}

TEST(Workers, AJobMayBringAnotherWhileTheyEnd) {
  std::atomic<int> ran{0};
  for (int round = 0; round < 200; ++round) {
    Workers workers(4);
    workers.run([&] {
      workers.run([&] {
        workers.run([&] { ++ran; });
        ++ran;
      });
      ++ran;
    });
  }
  EXPECT_EQ(ran, 600);
}

TEST(Workers, WhatAJobHoldsIsFreedWhenItIsDone) {
  auto held = std::make_shared<int>(1);
  Workers workers(1);
  workers.run([held] {});
  std::promise<long> count;
  workers.run([&] { count.set_value(held.use_count()); });

  EXPECT_EQ(count.get_future().get(), 1);
}

}  // namespace
}  // namespace belay
