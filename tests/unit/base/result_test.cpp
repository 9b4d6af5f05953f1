#include "base/result.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace belay {
namespace {

TEST(Result, HoldsAValue) {
  const Result<int> seven = 7;

  ASSERT_TRUE(seven.ok());
  EXPECT_EQ(*seven, 7);
  EXPECT_EQ(seven.value_or(1), 7);
}

TEST(Result, HoldsAnError) {
  const Result<int> failed = fail("no number there");

  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "no number there");
  EXPECT_EQ(failed.value_or(1), 1);
}

TEST(Result, GivesAMoveOnlyValueAway) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(5);

  const std::unique_ptr<int> taken = *std::move(made);

  EXPECT_EQ(*taken, 5);
}

TEST(Result, OfNothingIsGoodUnlessItHasAnError) {
  EXPECT_TRUE(Result<void>{}.ok());
  EXPECT_EQ(Result<void>(fail("x")).error().message, "x");
}

TEST(Error, WithinPutsThePlaceInFront) {
  EXPECT_EQ(fail("cannot rename").within("state").message, "state: cannot rename");
}

}  // namespace
}  // namespace belay
