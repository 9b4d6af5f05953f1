#include "exit_code.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace belay::cli {
namespace {

using fallback::Outcome;

TEST(ExitCode, TellsHowTheCallEnded) {
  EXPECT_EQ(exit_of(Outcome::ok, 0), 0);
  EXPECT_EQ(exit_of(Outcome::failed, 0), 3);
  EXPECT_EQ(exit_of(Outcome::refused, 0), 4);
  EXPECT_EQ(exit_of(Outcome::deadline, 0), 5);
  EXPECT_EQ(exit_of(Outcome::cancelled, SIGINT), 130);
  EXPECT_EQ(exit_of(Outcome::cancelled, SIGTERM), 143);
  EXPECT_EQ(exit_of(Outcome::cancelled, 0), 130);
}

TEST(ExitCode, AnAnswerThatWonTheRaceAgainstCtrlCIsAnAnswer) { EXPECT_EQ(exit_of(Outcome::ok, SIGINT), 0); }

}  // namespace
}  // namespace belay::cli
