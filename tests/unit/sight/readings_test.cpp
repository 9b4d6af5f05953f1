#include "readings.hpp"

#include <gtest/gtest.h>

#include "live.hpp"
#include "samples.hpp"

namespace belay::gateway::sight {
namespace {

using gateway::test::two_providers;

TEST(Readings, OneServesEveryoneForAWhile) {
  Readings readings(runtime::test::open(two_providers()));
  EXPECT_EQ(readings.status(), readings.status());
  const auto routes = readings.routes();
  ASSERT_EQ(routes->size(), 2u);
  EXPECT_EQ(routes->front().route, "r");
}

TEST(Readings, AReloadIsSeenAtOnceAndLetsTheOldRuntimeGo) {
  std::shared_ptr<runtime::Runtime> old = runtime::test::open(two_providers());
  const std::weak_ptr<runtime::Runtime> watched = old;
  Readings readings(std::move(old));
  readings.status();
  readings.routes();
  auto settings = two_providers();
  settings.routes[0].name = "second";

  readings.use(runtime::test::open(settings));

  EXPECT_TRUE(watched.expired());
  EXPECT_EQ(readings.routes()->front().route, "second");
}

}  // namespace
}  // namespace belay::gateway::sight
