#include "gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace belay::runtime {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Gate, LetsInAsManyAsItsLimitAndTheOthersInOrder) {
  Gate gate(2);
  std::vector<int> turns;

  EXPECT_EQ(gate.enter([] {}), 0u);
  EXPECT_EQ(gate.enter([] {}), 0u);
  EXPECT_NE(gate.enter([&] { turns.push_back(3); }), 0u);
  EXPECT_NE(gate.enter([&] { turns.push_back(4); }), 0u);
  EXPECT_THAT(turns, IsEmpty());
  gate.leave();
  gate.leave();

  EXPECT_THAT(turns, ElementsAre(3, 4));
}

TEST(Gate, WhoGivesUpLosesNoPlace) {
  Gate gate(1);
  int turns = 0;
  gate.enter([] {});
  const auto ticket = gate.enter([&] { ++turns; });

  EXPECT_TRUE(gate.forget(ticket));
  gate.leave();

  EXPECT_EQ(turns, 0);
  EXPECT_FALSE(gate.forget(ticket));
  EXPECT_EQ(gate.enter([] {}), 0u);
}

}  // namespace
}  // namespace belay::runtime
