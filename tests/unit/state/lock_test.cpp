#include "state/lock.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <set>

#include "state_folder.hpp"

namespace belay::state {
namespace {

using std::chrono::milliseconds;
using test::TempFolder;

MonoTime now() { return std::chrono::steady_clock::now(); }

TEST(Lock, ExcludesASecondTakerInTheSameProcess) {
  const TempFolder folder;
  auto first = lock_byte(folder / "locks", 5, 0600, now(), {});
  ASSERT_TRUE(first);

  const auto second = lock_byte(folder / "locks", 5, 0600, now() + milliseconds(2), {});

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, (folder / "locks").string() + ": another process or thread holds the lock");
  EXPECT_TRUE(lock_byte(folder / "locks", 6, 0600, now(), {}));
}

TEST(Lock, ClosingTheDescriptorUnlocks) {
  const TempFolder folder;
  auto first = lock_byte(folder / "locks", 5, 0600, now(), {});
  ASSERT_TRUE(first);
  first->reset();

  EXPECT_TRUE(lock_byte(folder / "locks", 5, 0600, now(), {}));
}

// What classic POSIX record locks get wrong.
TEST(Lock, ClosingAnotherDescriptorOfTheFileDoesNotUnlock) {
  const TempFolder folder;
  const auto held = lock_byte(folder / "locks", 5, 0600, now(), {});
  ASSERT_TRUE(held);
  (void)test::content_of(folder / "locks");

  EXPECT_FALSE(lock_byte(folder / "locks", 5, 0600, now(), {}));
}

TEST(Lock, DiesWithItsProcess) {
  const TempFolder folder;
  std::array<int, 2> ready{};
  ASSERT_EQ(pipe(ready.data()), 0);
  const pid_t holder = test::in_process([&] {
    const auto held = lock_byte(folder / "locks", 5, 0600, now(), {});
    if (!held || write(ready[1], "x", 1) != 1) return false;
    for (;;) pause();
  });
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_FALSE(lock_byte(folder / "locks", 5, 0600, now(), {}));

  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);

  EXPECT_TRUE(lock_byte(folder / "locks", 5, 0600, now(), {}));
  close(ready[0]);
  close(ready[1]);
}

TEST(Lock, ACancelledTokenEndsTheWait) {
  const TempFolder folder;
  const auto held = lock_byte(folder / "locks", 5, 0600, now(), {});
  CancelSource source;
  source.cancel();

  const auto refused = lock_byte(folder / "locks", 5, 0600, now() + std::chrono::minutes(10), source.token());

  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("cancelled"), std::string::npos);
}

TEST(Lock, AnExistingFileKeepsItsContent) {
  const TempFolder folder;
  test::put_file(folder / "login.lock", "x");

  EXPECT_TRUE(lock_byte(folder / "login.lock", 0, 0600, now(), {}));

  EXPECT_EQ(test::content_of(folder / "login.lock"), "x");
}

TEST(Lock, NamesHaveBytesOfTheirOwnThatAFileOffsetCanHold) {
  std::set<std::uint64_t> bytes;
  for (int i = 0; i < 10'000; ++i) bytes.insert(lock_byte_of("hold/" + std::to_string(i)));

  EXPECT_EQ(bytes.size(), 10'000u);
  EXPECT_LT(*bytes.rbegin(), std::uint64_t{1} << 62);
}

}  // namespace
}  // namespace belay::state
