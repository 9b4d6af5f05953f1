// The loop runs on the steady clock, so these tests arm moments that have passed or are milliseconds away, and compare
// orders and bounds only in the direction that a slow machine can't break.
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "base/loop.hpp"

namespace belay {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

class TimerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto made = Loop::create();
    ASSERT_TRUE(made);
    loop = std::move(*made);
  }
  /// Runs the loop until a timer armed now, and so after all that is due, has fired.
  void run_what_is_due() {
    Timer end(*loop, [this] { loop->stop(); });
    end.arm_in(Millis(0));
    loop->run();
  }
  static MonoTime now() { return std::chrono::steady_clock::now(); }

  std::unique_ptr<Loop> loop;
};

TEST_F(TimerTest, FiresOnceAndNotEarly) {
  const MonoTime due = now() + milliseconds(5);
  int fired = 0;
  MonoTime at{};
  Timer timer(*loop, [&] {
    ++fired;
    at = now();
    loop->stop();
  });
  timer.arm_at(due);
  EXPECT_TRUE(timer.armed());

  loop->run();
  run_what_is_due();

  EXPECT_EQ(fired, 1);
  EXPECT_GE(at, due);
  EXPECT_FALSE(timer.armed());
}

TEST_F(TimerTest, FiresInOrderOfTheirMoments) {
  const MonoTime base = now() - hours(1);
  std::vector<int> order, expected;
  std::vector<std::unique_ptr<Timer>> timers;
  std::vector<int> shuffled(500);
  for (int i = 0; i < 500; ++i) shuffled[static_cast<std::size_t>(i)] = i;
  expected = shuffled;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(7));
  for (const int i : shuffled) {
    timers.push_back(std::make_unique<Timer>(*loop, [&order, i] { order.push_back(i); }));
    timers.back()->arm_at(base + nanoseconds(i));
  }

  run_what_is_due();

  EXPECT_EQ(order, expected);
}

TEST_F(TimerTest, ADisarmedOneDoesNotFire) {
  Timer timer(*loop, [] { FAIL() << "fired"; });
  timer.arm_at(now() - hours(1));
  timer.disarm();

  run_what_is_due();
}

TEST_F(TimerTest, ADestroyedOneDoesNotFire) {
  {
    Timer timer(*loop, [] { FAIL() << "fired"; });
    timer.arm_at(now() - hours(1));
  }

  run_what_is_due();
}

// A call's deadline holds the call; one that ended must not be held until its deadline would have come.
TEST_F(TimerTest, DestroyingFreesWhatItHoldsAtOnce) {
  auto held = std::make_shared<int>(1);
  {
    Timer timer(*loop, [held] {});
    timer.arm_in(std::chrono::hours(1));
  }

  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(TimerTest, RearmedToLaterItFiresOnlyThen) {
  Timer timer(*loop, [] { FAIL() << "fired"; });
  timer.arm_at(now() - hours(1));
  timer.arm_at(now() + hours(1));

  run_what_is_due();

  EXPECT_TRUE(timer.armed());
}

TEST_F(TimerTest, RearmedToEarlierItFiresThenAndOnce) {
  int fired = 0;
  Timer timer(*loop, [&] { ++fired; });
  timer.arm_at(now() + hours(1));
  timer.arm_at(now() - hours(1));
  timer.arm_at(now() - hours(2));

  run_what_is_due();

  EXPECT_EQ(fired, 1);
}

TEST_F(TimerTest, MovedToLaterAndBackItFires) {
  int fired = 0;
  Timer timer(*loop, [&] { ++fired; });
  timer.arm_at(now() - hours(1));
  timer.arm_at(now() + hours(1));
  timer.arm_at(now() - hours(1));

  run_what_is_due();

  EXPECT_EQ(fired, 1);
}

TEST_F(TimerTest, MayBeDestroyedFromInside) {
  std::unique_ptr<Timer> timer;
  auto held = std::make_shared<int>(7);
  int seen = 0;
  timer = std::make_unique<Timer>(*loop, [&timer, &seen, held] {
    timer.reset();
    seen = *held;  // what the function holds lives until it has returned
  });
  timer->arm_at(now() - hours(1));

  run_what_is_due();

  EXPECT_EQ(seen, 7);
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(TimerTest, MayDestroyAnotherThatIsDueToo) {
  auto second = std::make_unique<Timer>(*loop, [] { FAIL() << "fired"; });
  Timer first(*loop, [&] { second.reset(); });
  first.arm_at(now() - hours(2));
  second->arm_at(now() - hours(1));

  run_what_is_due();

  EXPECT_EQ(second, nullptr);
}

TEST_F(TimerTest, MayRearmItselfFromInside) {
  int fired = 0;
  std::unique_ptr<Timer> timer;
  timer = std::make_unique<Timer>(*loop, [&] {
    if (++fired < 5) {
      timer->arm_in(Millis(0));
    } else {
      loop->stop();
    }
  });
  timer->arm_in(Millis(0));

  loop->run();

  EXPECT_EQ(fired, 5);
}

// Otherwise one such timer would keep the loop from its descriptors for ever.
TEST_F(TimerTest, OneThatIsAlwaysDueLetsPostedJobsRun) {
  int fired = 0;
  std::unique_ptr<Timer> timer;
  timer = std::make_unique<Timer>(*loop, [&] {
    if (++fired == 3) loop->post([&] { loop->stop(); });
    if (fired < 1'000'000) timer->arm_at(now() - hours(1));
  });
  timer->arm_at(now() - hours(1));

  loop->run();

  EXPECT_LT(fired, 1'000'000);
}

TEST_F(TimerTest, TenThousandMovedAtRandomFireEachOnceInOrder) {
  std::mt19937 random(11);
  const MonoTime base = now() - hours(2);
  std::vector<MonoTime> when(10'000);
  std::vector<MonoTime> fired;
  std::vector<std::unique_ptr<Timer>> timers;
  for (std::size_t i = 0; i < when.size(); ++i) {
    timers.push_back(std::make_unique<Timer>(*loop, [&, i] { fired.push_back(when[i]); }));
  }
  for (int moves = 0; moves < 50'000; ++moves) {
    const std::size_t i = random() % when.size();
    when[i] = base + nanoseconds(random() % 1'000'000);
    timers[i]->arm_at(when[i]);
  }
  std::size_t expected = 0;
  for (std::size_t i = 0; i < when.size(); ++i) {
    if (i % 3 == 0) timers[i].reset();
    if (timers[i] && timers[i]->armed()) ++expected;
  }

  run_what_is_due();

  EXPECT_EQ(fired.size(), expected);
  EXPECT_TRUE(std::is_sorted(fired.begin(), fired.end()));
}

}  // namespace
}  // namespace belay
