// Several real processes on one folder.
#include <gtest/gtest.h>
#include <signal.h>

#include <array>

#include "state_folder.hpp"

namespace belay {
namespace {

using test::ended_well;
using test::in_process;
using test::open_state;
using test::TempFolder;

MonoTime now() { return std::chrono::steady_clock::now(); }
std::optional<std::string> plus_one(const std::optional<std::string>& old) {
  return std::to_string(old ? std::stoi(*old) + 1 : 1);
}

TEST(Processes, FourTimesTwoHundredIncrementsAreEightHundred) {
  const TempFolder folder;
  std::vector<pid_t> children;
  for (int child = 0; child < 4; ++child) {
    children.push_back(in_process([&] {
      const auto state = open_state(folder.path());
      for (int i = 0; i < 200; ++i) {
        if (!state->update("counter/n", plus_one, Durable::no)) return false;
      }
      return true;
    }));
  }
  for (const pid_t child : children) EXPECT_TRUE(ended_well(child));

  EXPECT_EQ(**open_state(folder.path())->get("counter/n"), "800");
}

TEST(Processes, OneStateThatWasOpenBeforeTheForkServesAllOfThem) {
  const TempFolder folder;
  const auto state = open_state(folder.path());
  const auto before = state->version("counter");
  std::vector<pid_t> children;
  for (int child = 0; child < 4; ++child) {
    children.push_back(in_process([&] {
      for (int i = 0; i < 50; ++i) {
        if (!state->update("counter/n", plus_one, Durable::no)) return false;
      }
      return true;
    }));
  }
  for (const pid_t child : children) EXPECT_TRUE(ended_well(child));

  EXPECT_EQ(**state->get("counter/n"), "200");
  EXPECT_EQ(state->version("counter"), before + 200);
}

TEST(Processes, TurnsAreGivenOutOnceEach) {
  const TempFolder folder;
  const auto state = open_state(folder.path());
  std::vector<pid_t> children;
  for (int child = 0; child < 4; ++child) {
    children.push_back(in_process([&] {
      const auto own = open_state(folder.path());
      for (int i = 0; i < 1000; ++i) own->count("pool/x", 1);
      return true;
    }));
  }
  for (const pid_t child : children) EXPECT_TRUE(ended_well(child));

  EXPECT_EQ(state->count("pool/x", 0), 4000u);
}

TEST(Processes, OpeningAtOnceMakesOneSalt) {
  const TempFolder folder;
  std::array<int, 2> salts{};
  ASSERT_EQ(pipe(salts.data()), 0);
  std::vector<pid_t> children;
  for (int child = 0; child < 8; ++child) {
    children.push_back(in_process([&] {
      const auto state = open_state(folder / "state");
      return state && write(salts[1], state->salt().data(), 64) == 64;
    }));
  }
  for (const pid_t child : children) EXPECT_TRUE(ended_well(child));
  const std::string expected = open_state(folder / "state")->salt();
  ASSERT_EQ(expected.size(), 64u);

  for (int child = 0; child < 8; ++child) {
    std::string salt(64, '\0');
    ASSERT_EQ(read(salts[0], salt.data(), 64), 64);
    EXPECT_EQ(salt, expected);
  }
  close(salts[0]);
  close(salts[1]);
}

TEST(Processes, ALeaseDiesWithItsHolder) {
  const TempFolder folder;
  const auto state = open_state(folder.path());
  std::array<int, 2> ready{};
  ASSERT_EQ(pipe(ready.data()), 0);
  const pid_t holder = in_process([&] {
    const auto own = open_state(folder.path());
    const auto held = own->lease("grant/x", now(), {});
    if (!held || write(ready[1], "x", 1) != 1) return false;
    for (;;) pause();
  });
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  const auto refused = state->lease("grant/x", now(), {});
  EXPECT_FALSE(refused);

  kill(holder, SIGKILL);
  const auto taken = state->lease("grant/x", now() + std::chrono::minutes(1), {});
  waitpid(holder, nullptr, 0);

  EXPECT_TRUE(taken);
  close(ready[0]);
  close(ready[1]);
}

}  // namespace
}  // namespace belay
