#include "line_pipe.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace belay::gateway::sight {
namespace {

constexpr std::size_t all = 1u << 30;

TEST(LinePipe, GivesWhatWasPutInOrder) {
  LinePipe pipe(1u << 20);
  std::string expected, got;
  EXPECT_FALSE(pipe.take(got, all));
  for (int i = 0; i < 5000; ++i) {
    const std::string line = std::to_string(i) + std::string(static_cast<std::size_t>(i % 300), 'x') + "\n";
    expected += line;
    ASSERT_TRUE(pipe.put(line));
    if (i % 700 == 0) {
      EXPECT_TRUE(pipe.take(got, all));
    }
  }
  EXPECT_TRUE(pipe.take(got, all));
  EXPECT_EQ(got, expected);
  EXPECT_FALSE(pipe.take(got, all));
}

TEST(LinePipe, IsBoundedAndHasRoomAgainOnceItWasEmptied) {
  LinePipe pipe(4096);
  const std::string line(1000, 'x');
  std::size_t taken_in = 0;
  while (pipe.put(line)) ASSERT_LT(++taken_in, 100u);
  EXPECT_GE(taken_in, 4u);
  std::string got;
  EXPECT_TRUE(pipe.take(got, all));
  EXPECT_EQ(got.size(), taken_in * line.size());
  EXPECT_TRUE(pipe.put(line));
}

TEST(LinePipe, TakesALineThatIsLongerThanABlock) {
  LinePipe pipe(1u << 20);
  const std::string line(100'000, 'x');
  std::string got;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(pipe.put(line));
    ASSERT_TRUE(pipe.put("short"));
    got.clear();
    EXPECT_TRUE(pipe.take(got, all));
    EXPECT_EQ(got, line + "short");
  }
}

TEST(LinePipe, LosesNothingBetweenTwoThreads) {
  LinePipe pipe(16u << 10);
  constexpr int lines = 200'000;
  std::string expected, got;
  for (int i = 0; i < lines; ++i) expected += std::to_string(i) + "\n";
  std::thread writer([&] {
    while (got.size() < expected.size()) {
      if (!pipe.take(got, 4096)) std::this_thread::yield();
    }
  });
  for (int i = 0; i < lines; ++i) {
    const std::string line = std::to_string(i) + "\n";
    while (!pipe.put(line)) std::this_thread::yield();
  }
  writer.join();
  EXPECT_EQ(got, expected);
}

}  // namespace
}  // namespace belay::gateway::sight
