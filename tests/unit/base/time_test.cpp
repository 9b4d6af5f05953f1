#include "base/time.hpp"

#include <gtest/gtest.h>

namespace belay {
namespace {

TEST(Duration, HasAUnit) {
  EXPECT_EQ(parse_duration("250ms"), Millis(250));
  EXPECT_EQ(parse_duration("10s"), Millis(10'000));
  EXPECT_EQ(parse_duration("5m"), Millis(300'000));
  EXPECT_EQ(parse_duration("1h"), Millis(3'600'000));
  EXPECT_EQ(parse_duration("2d"), Millis(172'800'000));
  EXPECT_EQ(parse_duration("0s"), Millis(0));
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text : {"", "10", "s", "-1s", "+1s", " 1s", "1s ", "1 s", "1.5s", "1S", "1w", "1h30m",
                           "99999999999999999999s", "9223372036854775807d"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, AHugeOneCanBeAddedToAMoment) {
  const auto longest = parse_duration("36500d");
  ASSERT_TRUE(longest);
  EXPECT_GT(std::chrono::steady_clock::now() + *longest, std::chrono::steady_clock::now());
  EXPECT_EQ(parse_duration("36501d"), std::nullopt);
}

TEST(Duration, ForPeopleIsRoundedUp) {
  EXPECT_EQ(format_duration(Millis(20)), "20 ms");
  EXPECT_EQ(format_duration(Millis(1001)), "2 s");
  EXPECT_EQ(format_duration(Millis(592'000)), "592 s");
  EXPECT_EQ(format_duration(Millis(3'600'000)), "60 min");
  EXPECT_EQ(format_duration(Millis(5 * 3'600'000 + 1)), "6 h");
  EXPECT_EQ(format_duration(Millis(-5)), "0 ms");
}

TEST(HttpDate, AllThreeFormsOfRfc9110) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), 784111777);
}

TEST(HttpDate, RefusesEverythingElse) {
  for (const char* text : {"", "120", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 31 Feb 1994 25:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 06 Nov 1994 08:49:37 GMTx", "Sun, 06 Nov 1994"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(Rfc3339, ReadsOffsetsAndFractions) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_rfc3339("2026-11-24T16:01:36.5Z"), 1795536096500);
  EXPECT_EQ(parse_rfc3339("2026-11-24T18:01:36+02:00"), 1795536096000);
  EXPECT_EQ(parse_rfc3339("2026-11-24t16:01:36.123456789z"), 1795536096123);
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const char* text :
       {"", "2026-11-24", "2026-11-24T16:01:36", "2026-13-24T16:01:36Z", "2026-1-24T16:01:36Z", "2026-11-24T16:01:36.Z",
        "2026-11-24T16:01:36+2:00", "2026-11-24T16:01:36Zx", "2026-11-24T24:01:36Z", "2026-+1-24T16:01:36Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Rfc3339, WritesWhatItReads) { EXPECT_EQ(format_rfc3339(1795536096500), "2026-11-24T16:01:36Z"); }

TEST(Random, IsInItsRange) {
  for (int i = 0; i < 1000; ++i) {
    const double drawn = system_random().uniform();
    EXPECT_GE(drawn, 0.0);
    EXPECT_LT(drawn, 1.0);
  }
}

}  // namespace
}  // namespace belay
