#include "exposition.hpp"

#include <gtest/gtest.h>

#include "promtool.hpp"

namespace belay::gateway::sight {
namespace {

TEST(Exposition, EscapesWhatLabelsMayHold) {
  Exposition to;
  to.family("x_total", Exposition::Type::counter, "A \\ and a\nline.");
  to.sample({{"a", "q\"b\\c\nd"}, {"b", "Größe"}}, 3);
  EXPECT_EQ(
      to.take(),
      "# HELP x_total A \\\\ and a\\nline.\n# TYPE x_total counter\nx_total{a=\"q\\\"b\\\\c\\nd\",b=\"Größe\"} 3\n");
}

TEST(Exposition, AHistogramIsCumulative) {
  Histogram<2> histogram;
  const Histogram<2>::Bounds bounds = {std::chrono::milliseconds(1), std::chrono::milliseconds(10)};
  for (const auto value :
       {std::chrono::microseconds(500), std::chrono::microseconds(2000), std::chrono::microseconds(70'000)})
    histogram.observe(bounds, value);
  Exposition to;
  to.family("h_seconds", Exposition::Type::histogram, "H.");
  to.histogram<2>({{"r", "x"}}, bounds, histogram);
  EXPECT_EQ(to.take(),
            "# HELP h_seconds H.\n# TYPE h_seconds histogram\nh_seconds_bucket{r=\"x\",le=\"0.001\"} "
            "1\nh_seconds_bucket{r=\"x\",le=\"0.01\"} 2\n"
            "h_seconds_bucket{r=\"x\",le=\"+Inf\"} 3\nh_seconds_sum{r=\"x\"} 0.0725\nh_seconds_count{r=\"x\"} 3\n");
}

TEST(Promtool, RefusesWhatIsWrong) {
  EXPECT_NE(gateway::test::promtool({"check", "metrics"}, "# HELP a_ms Bad.\n# TYPE a_ms counter\na_ms 1\n").exit, 0)
      << "the checks below would prove nothing";
}

}  // namespace
}  // namespace belay::gateway::sight
