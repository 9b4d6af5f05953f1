// Processes killed with SIGKILL at any moment: the folder opens again, and every record is the old or the new one,
// whole.
#include <gtest/gtest.h>
#include <signal.h>
#include <time.h>

#include <random>

#include "base/json.hpp"
#include "state_folder.hpp"

namespace belay {
namespace {

namespace fs = std::filesystem;
using test::open_state;
using test::TempFolder;

constexpr int keys = 4;

std::string key_of(int n) { return "grant/k" + std::to_string(n); }

/// A record that can't be mistaken for a part of another: its size depends on its number, and it ends with it.
std::string record_of(int number) {
  return "{\"n\":" + std::to_string(number) + ",\"fill\":\"" +
         std::string(static_cast<std::size_t>(number % 50) * 200, 'f') + "\",\"again\":" + std::to_string(number) + "}";
}

/// Writes numbers that only grow, in all the ways there are, and never ends.
[[noreturn]] void write_for_ever(const fs::path& dir) {
  const auto state = open_state(dir);
  for (int n = 0;; ++n) {
    const auto durable = n % 7 == 0 ? Durable::yes : Durable::no;
    const std::string key = key_of(n % keys);
    if (n % 11 == 0) {
      (void)state->erase(key);
    } else if (n % 2 == 0) {
      (void)state->put(key, record_of(n), durable);
    } else {
      (void)state->update(
          key, [n](const auto&) { return std::optional(record_of(n)); }, durable);
    }
  }
}

void expect_whole(state::State& state) {
  const auto records = state.list("grant/");
  ASSERT_TRUE(records) << records.error().message;
  for (const auto& [key, value] : *records) {
    const auto parsed = json::parse(value);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(value, record_of(static_cast<int>(*json::int_at(*parsed, "n"))));
  }
}

std::size_t temporaries_in(const fs::path& dir) {
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(dir)) count += entry.path().extension() == ".new";
  return count;
}

TEST(Killed, WritersLeaveOldOrNewRecordsOnly) {
  const TempFolder folder;
  std::mt19937 random(std::random_device{}());
  for (int round = 0; round < 60; ++round) {
    const pid_t writers[] = {test::in_process([&]() -> bool { write_for_ever(folder.path()); }),
                             test::in_process([&]() -> bool { write_for_ever(folder.path()); })};
    // Not a wait for something: the moment of the kill is what is drawn.
    const timespec moment{0, static_cast<long>(random() % 12'000'000)};
    nanosleep(&moment, nullptr);
    for (const pid_t writer : writers) kill(writer, SIGKILL);
    for (const pid_t writer : writers) waitpid(writer, nullptr, 0);

    const auto state = open_state(folder.path());
    ASSERT_NE(state, nullptr);
    expect_whole(*state);
    EXPECT_EQ(temporaries_in(folder.path()), 0u);
    for (int n = 0; n < keys; ++n)
      ASSERT_TRUE(state->put(key_of(n), record_of(n), Durable::no));  // no lock stayed behind
  }
}

TEST(Killed, AReaderBesideThemSeesWholeRecordsAllTheTime) {
  const TempFolder folder;
  const auto state = open_state(folder.path());
  for (int round = 0; round < 10; ++round) {
    const pid_t writer = test::in_process([&]() -> bool { write_for_ever(folder.path()); });
    const auto begin = state->version("grant");
    while (state->version("grant") < begin + 20) expect_whole(*state);
    kill(writer, SIGKILL);
    waitpid(writer, nullptr, 0);
    expect_whole(*state);
  }
}

TEST(Killed, WhileOpeningTheFolderForTheFirstTime) {
  std::mt19937 random(std::random_device{}());
  for (int round = 0; round < 60; ++round) {
    const TempFolder folder;
    const pid_t opener = test::in_process([&] {
      const auto state = open_state(folder / "state");
      return state && state->put("grant/k0", record_of(1), Durable::yes);
    });
    const timespec moment{0, static_cast<long>(random() % 3'000'000)};
    nanosleep(&moment, nullptr);
    kill(opener, SIGKILL);
    waitpid(opener, nullptr, 0);

    const auto state = open_state(folder / "state");
    ASSERT_NE(state, nullptr);
    EXPECT_EQ(state->salt().size(), 64u);
    expect_whole(*state);
  }
}

TEST(Killed, NothingIsLostThatPutHadReturned) {
  const TempFolder folder;
  for (int round = 0; round < 10; ++round) {
    int done[2];
    ASSERT_EQ(pipe(done), 0);
    const pid_t writer = test::in_process([&] {
      const auto state = open_state(folder.path());
      for (int n = 1;; ++n) {
        if (!state->put("grant/k0", record_of(n), Durable::yes)) return false;
        if (write(done[1], &n, sizeof n) != sizeof n) return false;
      }
    });
    int last = 0;
    for (int reads = 0; reads < 5; ++reads)
      ASSERT_EQ(read(done[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
    kill(writer, SIGKILL);
    waitpid(writer, nullptr, 0);
    close(done[1]);
    while (read(done[0], &last, sizeof last) == static_cast<ssize_t>(sizeof last)) {
    }
    close(done[0]);

    const auto record = open_state(folder.path())->get("grant/k0");

    ASSERT_TRUE(record && *record);
    EXPECT_TRUE(**record == record_of(last) || **record == record_of(last + 1)) << last;
  }
}

}  // namespace
}  // namespace belay
