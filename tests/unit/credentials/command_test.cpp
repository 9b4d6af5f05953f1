#include "command.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

#include "base/file.hpp"
#include "world.hpp"

namespace belay::credentials {
namespace {

using ::testing::HasSubstr;

Result<CommandOutput> shell(const std::string& line, Millis limit = std::chrono::seconds(20), std::size_t most = 4096) {
  return run_command({"/bin/sh", "-c", line}, limit, {}, most);
}

TEST(Command, GivesOutputAndStatus) {
  const auto output = shell("printf out; printf err >&2; exit 3");
  ASSERT_TRUE(output);
  EXPECT_EQ(output->text, "out");
  EXPECT_EQ(output->status, 3);
}

TEST(Command, ASignalCountsAs128AndMore) { EXPECT_EQ(shell("kill -TERM $$")->status, 128 + SIGTERM); }

TEST(Command, IsStoppedAtItsLimit) {
  const auto output = shell("sleep 60", Millis(100));
  ASSERT_FALSE(output);
  EXPECT_THAT(output.error().message, HasSubstr("took longer than"));
}

TEST(Command, IsStoppedWhenCancelled) {
  CancelSource cancel;
  std::thread canceller([&] { cancel.cancel(); });
  const auto output = run_command({"/bin/sh", "-c", "sleep 60"}, std::chrono::seconds(50), cancel.token(), 4096);
  canceller.join();
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().message, "was cancelled");
}

TEST(Command, TooMuchOutputIsRefused) {
  EXPECT_THAT(shell("yes", std::chrono::seconds(20), 100).error().message, HasSubstr("more than 100 bytes"));
}

TEST(Command, WhatItLeavesBehindIsKilledAndNotWaitedFor) {
  const TempDir dir;
  const auto began = std::chrono::steady_clock::now();
  const auto output = shell("sleep 60 & echo $! > " + (dir.path() / "pid").string() + "; echo token");
  ASSERT_TRUE(output);
  EXPECT_EQ(output->text, "token\n");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
  const pid_t left = std::stoi(read_text(dir.path() / "pid"));
  const Fd end{static_cast<int>(syscall(SYS_pidfd_open, left, 0))};  // none: it is gone and reaped
  pollfd ended{end.get(), POLLIN, 0};
  EXPECT_TRUE(!end || poll(&ended, 1, 20'000) == 1) << "it lives on";
}

TEST(Command, AnUnknownProgramSaysWhy) {
  EXPECT_THAT(run_command({"no-such-program-x"}, Millis(1000), {}, 10).error().message,
              HasSubstr("could not be started"));
}

}  // namespace
}  // namespace belay::credentials
