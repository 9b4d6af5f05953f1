#include "base/cancel.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace belay {
namespace {

bool readable(int fd) {
  pollfd ready{fd, POLLIN, 0};
  return poll(&ready, 1, 0) == 1;
}

TEST(Cancel, ADefaultTokenIsNeverCancelled) {
  const CancelToken token;

  EXPECT_FALSE(token.cancelled());
  EXPECT_EQ(token.descriptor(), -1);
  EXPECT_EQ(token.on_cancel([] { FAIL() << "called"; }), 0u);
}

TEST(Cancel, OnlyTheFirstOrderCounts) {
  CancelSource source;

  EXPECT_TRUE(source.cancel());
  EXPECT_FALSE(source.cancel());
  EXPECT_TRUE(source.token().cancelled());
}

TEST(Cancel, DescriptorIsReadableOnceCancelled) {
  CancelSource source;
  const int before = source.token().descriptor();
  EXPECT_FALSE(readable(before));

  source.cancel();

  EXPECT_TRUE(readable(before));
}

TEST(Cancel, DescriptorMadeAfterwardsIsReadableAtOnce) {
  CancelSource source;
  source.cancel();

  EXPECT_TRUE(readable(source.token().descriptor()));
}

TEST(Cancel, CallsBackOnceInOrder) {
  CancelSource source;
  std::vector<int> called;
  source.token().on_cancel([&] { called.push_back(1); });
  source.token().on_cancel([&] { called.push_back(2); });

  source.cancel();
  source.cancel();

  EXPECT_EQ(called, (std::vector<int>{1, 2}));
}

TEST(Cancel, CallsBackAtOnceWhenItHasHappened) {
  CancelSource source;
  source.cancel();
  bool called = false;

  EXPECT_EQ(source.token().on_cancel([&] { called = true; }), 0u);
  EXPECT_TRUE(called);
}

TEST(Cancel, WhatIsForgottenIsNotCalled) {
  CancelSource source;
  const auto id = source.token().on_cancel([] { FAIL() << "called"; });

  source.token().forget(id);

  EXPECT_TRUE(source.cancel());
}

TEST(Cancel, ACallbackMayForgetTheNextOne) {
  CancelSource source;
  std::uint64_t second = 0;
  source.token().on_cancel([&] { source.token().forget(second); });
  second = source.token().on_cancel([] { FAIL() << "called"; });

  EXPECT_TRUE(source.cancel());
}

TEST(Cancel, ACallbackMayForgetItself) {
  CancelSource source;
  std::uint64_t id = 0;
  bool called = false;
  id = source.token().on_cancel([&] {
    source.token().forget(id);
    called = true;
  });

  source.cancel();

  EXPECT_TRUE(called);
}

TEST(Cancel, ACallbackMayDestroyTheSource) {
  auto source = std::make_unique<CancelSource>();
  bool second = false;
  source->token().on_cancel([&] { source.reset(); });
  source->token().on_cancel([&] { second = true; });

  EXPECT_TRUE(source->cancel());
  EXPECT_TRUE(second);
}

// The waiter frees what the callback uses as soon as forget() has returned.
TEST(Cancel, ForgetWaitsForTheCallbackThatRuns) {
  CancelSource source;
  std::promise<void> inside, go_on;
  std::atomic<bool> finished{false};
  const auto id = source.token().on_cancel([&] {
    inside.set_value();
    go_on.get_future().wait();
    finished = true;
  });
  std::thread canceller([&] { source.cancel(); });
  inside.get_future().wait();

  std::thread releaser([&] { go_on.set_value(); });
  source.token().forget(id);
  const bool was_finished = finished;
  releaser.join();
  canceller.join();

  EXPECT_TRUE(was_finished);
}

TEST(Cancel, NothingRunsAfterForgetHoweverTheyRace) {
  for (int round = 0; round < 2000; ++round) {
    CancelSource source;
    auto used = std::make_unique<std::atomic<int>>(0);
    const auto id = source.token().on_cancel([&used] { used->fetch_add(1); });
    std::thread canceller([&] { source.cancel(); });
    source.token().forget(id);
    used.reset();  // a callback that ran now would be a use after free
    canceller.join();
  }
}

}  // namespace
}  // namespace belay
