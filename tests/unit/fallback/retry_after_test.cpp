#include "fallback/retry_after.hpp"

#include <gtest/gtest.h>

namespace belay::fallback {
namespace {

constexpr UnixMs now = 1'790'000'000'000;   // 2026-09-21T14:13:20Z

std::optional<std::int64_t> ms(const Headers& headers) {
  const auto span = retry_after(headers, now);
  return span ? std::optional(span->count()) : std::nullopt;
}

TEST(RetryAfter, EveryFormIsRead) {
  EXPECT_EQ(ms({{"retry-after", "7"}}), 7000);
  EXPECT_EQ(ms({{"retry-after", " 1.5 "}}), 1500);
  EXPECT_EQ(ms({{"retry-after", "0"}}), 0);
  EXPECT_EQ(ms({{"retry-after-ms", "250"}}), 250);
  EXPECT_EQ(ms({{"retry-after", "Mon, 21 Sep 2026 14:13:50 GMT"}}), 30'000);
  EXPECT_EQ(ms({{"retry-after", "Monday, 21-Sep-26 14:13:50 GMT"}}), 30'000);
  EXPECT_EQ(ms({{"retry-after", "Mon Sep 21 14:13:50 2026"}}), 30'000);
  EXPECT_EQ(ms({{"retry-after", "2026-09-21T14:13:50Z"}}), 30'000);
}

TEST(RetryAfter, TheMostExactOneCounts) { EXPECT_EQ(ms({{"retry-after", "2"}, {"retry-after-ms", "1700"}}), 1700); }

TEST(RetryAfter, ADateIsComparedWithUpstreamsOwnClock) {
  EXPECT_EQ(ms({{"date", "Mon, 21 Sep 2026 10:00:00 GMT"}, {"retry-after", "Mon, 21 Sep 2026 10:00:05 GMT"}}), 5000);
}

TEST(RetryAfter, AnAbsurdOneIsLongAndNotMissing) {
  constexpr std::int64_t year = 366LL * 86'400'000;
  for (const char* value : {"99999999999", "1e300", "Fri, 01 Jan 2077 00:00:00 GMT"}) EXPECT_EQ(ms({{"retry-after", value}}), year) << value;
}

TEST(RetryAfter, NegativeAndUnreadableOnesCountAsNone) {
  for (const char* value : {"-1", "-0", "soon", "", "nan", "inf", "12 apples", "Mon, 32 Sep 2026 14:13:50 GMT", "Mon, 21 Sep 2020 14:13:50 GMT"}) {
    EXPECT_EQ(ms({{"retry-after", value}}), std::nullopt) << value;
  }
  EXPECT_EQ(ms({{"retry-after", "3"}, {"retry-after-ms", "-5"}}), 3000) << "the other form still counts";
}

}  // namespace
}  // namespace belay::fallback
