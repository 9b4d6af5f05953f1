// What every backend does: run with memory: and file:.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "state_folder.hpp"

namespace belay {
namespace {

using Optional = std::optional<std::string>;
using std::chrono::milliseconds;

enum class Backend { memory, file };

class Contract : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    auto opened = state::open(GetParam() == Backend::memory ? "memory:" : "file:" + folder.path().string() + "/state");
    ASSERT_TRUE(opened) << opened.error().message;
    state = std::move(*opened);
  }
  static MonoTime now() { return std::chrono::steady_clock::now(); }
  Optional get(std::string_view key) {
    auto record = state->get(key);
    EXPECT_TRUE(record) << record.error().message;
    return record ? *record : std::nullopt;
  }

  test::TempFolder folder;
  std::unique_ptr<state::State> state;
};

INSTANTIATE_TEST_SUITE_P(Backends, Contract, testing::Values(Backend::memory, Backend::file),
                         [](const auto& info) { return info.param == Backend::memory ? "memory" : "file"; });

TEST_P(Contract, GetReturnsWhatWasPut) {
  ASSERT_TRUE(state->put("hold/target/a b", "{\"until\":1}", Durable::no));
  ASSERT_TRUE(state->put("hold/target/a b", "{\"until\":2}", Durable::yes));

  EXPECT_EQ(get("hold/target/a b"), "{\"until\":2}");
  EXPECT_EQ(get("hold/target/other"), std::nullopt);
}

TEST_P(Contract, AnErasedRecordIsGoneAndErasingItAgainIsFine) {
  ASSERT_TRUE(state->put("hold/x", "1", Durable::no));

  EXPECT_TRUE(state->erase("hold/x"));
  EXPECT_TRUE(state->erase("hold/x"));

  EXPECT_EQ(get("hold/x"), std::nullopt);
}

TEST_P(Contract, ListIsSortedByKeyAndBelowThePrefix) {
  for (const char* key : {"hold/b/2", "hold/b/1", "hold/a", "hold/bc", "grant/b"})
    ASSERT_TRUE(state->put(key, "\"" + std::string(key) + "\"", Durable::no));

  const auto below = state->list("hold/b/");
  const auto all = state->list("hold/");

  ASSERT_TRUE(below && all);
  EXPECT_EQ(*below, (std::vector<std::pair<std::string, std::string>>{{"hold/b/1", "\"hold/b/1\""},
                                                                      {"hold/b/2", "\"hold/b/2\""}}));
  EXPECT_EQ(all->size(), 4u);
  EXPECT_TRUE(state->list("note/")->empty());
}

TEST_P(Contract, AListingNeedsAnArea) {
  for (const char* prefix : {"", "hold", "/", "../hold/", "Hold/", "locks/"})
    EXPECT_FALSE(state->list(prefix)) << prefix;
}

TEST_P(Contract, KeysMayHoldAnyByteButNeedAnArea) {
  const std::string odd = std::string("note/\0/../\xff +%2F\n.x", 17);
  ASSERT_TRUE(state->put(odd, "1", Durable::no));
  EXPECT_EQ(get(odd), "1");
  EXPECT_EQ(state->list("note/")->front().first, odd);

  for (const std::string& key : {std::string("note"), std::string("note/"), std::string("/x"), std::string("No/x"),
                                 std::string("../x"), std::string("salt/x"), "note/" + std::string(300, 'x')}) {
    EXPECT_FALSE(state->put(key, "1", Durable::no)) << key;
    EXPECT_FALSE(state->get(key)) << key;
    EXPECT_FALSE(state->erase(key)) << key;
  }
}

TEST_P(Contract, ARecordIsJsonOfAtMost64KiB) {
  const std::string largest = "\"" + std::string(state::max_record_bytes - 2, 'x') + "\"";
  EXPECT_TRUE(state->put("note/x", largest, Durable::no));
  EXPECT_EQ(get("note/x"), largest);

  EXPECT_FALSE(state->put("note/x", largest + " ", Durable::no));
  EXPECT_FALSE(state->put("note/x", "{", Durable::no));
  EXPECT_FALSE(state->put("note/x", "", Durable::no));
  EXPECT_EQ(get("note/x"), largest);
}

TEST_P(Contract, UpdateChangesCreatesAndErases) {
  const auto plus_one = [](const Optional& old) { return Optional(std::to_string(old ? std::stoi(*old) + 1 : 1)); };

  EXPECT_EQ(**state->update("note/n", plus_one, Durable::no), "1");
  EXPECT_EQ(**state->update("note/n", plus_one, Durable::yes), "2");
  EXPECT_EQ(*state->update(
                "note/n", [](const Optional&) { return std::nullopt; }, Durable::yes),
            std::nullopt);

  EXPECT_EQ(get("note/n"), std::nullopt);
}

TEST_P(Contract, UpdateOfSomethingThatIsNoRecordChangesNothing) {
  ASSERT_TRUE(state->put("note/n", "1", Durable::no));

  EXPECT_FALSE(state->update(
      "note/n", [](const Optional&) { return Optional("no json"); }, Durable::no));

  EXPECT_EQ(get("note/n"), "1");
}

TEST_P(Contract, UpdatesOfManyThreadsAllCount) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(state->update(
            "note/n", [](const Optional& old) { return Optional(std::to_string(old ? std::stoi(*old) + 1 : 1)); },
            Durable::no));
      }
    });
  }
  for (auto& thread : threads) thread.join();

  EXPECT_EQ(get("note/n"), "200");
}

TEST_P(Contract, TheVersionGrowsWithEveryChangeAndOnlyThen) {
  const auto before = state->version(), hold_before = state->version("hold");
  ASSERT_TRUE(state->put("hold/x", "1", Durable::no));
  const auto put = state->version(), hold_put = state->version("hold");
  ASSERT_TRUE(state->update(
      "hold/x", [](const Optional& old) { return old; }, Durable::no));
  ASSERT_TRUE(state->get("hold/x"));
  ASSERT_TRUE(state->erase("hold/none"));
  state->count("pool/x", 1);
  const auto same = state->version(), hold_same = state->version("hold");
  ASSERT_TRUE(state->erase("hold/x"));

  EXPECT_GT(put, before);
  EXPECT_GT(hold_put, hold_before);
  EXPECT_EQ(same, put);
  EXPECT_EQ(hold_same, hold_put);
  EXPECT_GT(state->version(), same);
  EXPECT_GT(state->version("hold"), hold_same);
}

TEST_P(Contract, AChangeInOneAreaLeavesTheVersionOfAnother) {
  const auto grant = state->version("grant");

  ASSERT_TRUE(state->put("hold/x", "1", Durable::no));

  EXPECT_EQ(state->version("grant"), grant);
}

TEST_P(Contract, CountersGiveEachTurnOnce) {
  EXPECT_EQ(state->count("pool/a", 1), 0u);
  EXPECT_EQ(state->count("pool/a", 5), 1u);
  EXPECT_EQ(state->count("pool/a", 0), 6u);
  EXPECT_EQ(state->count("pool/b", 1), 0u);
}

TEST_P(Contract, ALeaseExcludesOtherThreadsUntilItIsGivenBack) {
  auto held = state->lease("grant/x", now(), {});
  ASSERT_TRUE(held);
  EXPECT_FALSE(state->lease("grant/x", now() + milliseconds(5), {}));
  EXPECT_TRUE(state->lease("grant/y", now(), {}));

  std::atomic<bool> returned{false};
  std::thread waiter([&] {
    const auto next = state->lease("grant/x", now() + std::chrono::minutes(1), {});
    EXPECT_TRUE(next);
    EXPECT_TRUE(returned);
  });
  returned = true;
  held->reset();
  waiter.join();
}

TEST_P(Contract, ALeaseMayBeGivenBackOnAnotherThread) {
  auto held = state->lease("grant/x", now(), {});
  ASSERT_TRUE(held);

  std::thread([&] { held->reset(); }).join();

  EXPECT_TRUE(state->lease("grant/x", now(), {}));
}

TEST_P(Contract, CancellingEndsTheWaitForALease) {
  const auto held = state->lease("grant/x", now(), {});
  ASSERT_TRUE(held);
  CancelSource source;
  std::string why;
  std::thread waiter([&] {
    const auto refused = state->lease("grant/x", now() + std::chrono::minutes(10), source.token());
    why = refused ? "got it" : refused.error().message;
  });

  source.cancel();
  waiter.join();

  EXPECT_NE(why.find("cancelled"), std::string::npos) << why;
}

TEST_P(Contract, ALeaseOutlivesItsState) {
  auto held = state->lease("grant/x", now(), {});
  ASSERT_TRUE(held);
  state.reset();
  held->reset();
}

TEST_P(Contract, OneHolderAtATimeAmongManyThreads) {
  std::atomic<int> inside{0}, wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        const auto held = state->lease("grant/x", now() + std::chrono::minutes(1), {});
        if (!held || ++inside != 1) ++wrong;
        --inside;
      }
    });
  }
  for (auto& thread : threads) thread.join();

  EXPECT_EQ(wrong, 0);
}

TEST_P(Contract, TheSaltIsLongAndStays) {
  EXPECT_GE(state->salt().size(), 32u);
  EXPECT_EQ(state->salt(), state->salt());
  EXPECT_NE((*state::open("memory:"))->salt(), state->salt());
}

TEST(StateUrl, NamesABackend) {
  EXPECT_FALSE((*state::open("memory:"))->shared());
  for (const char* url : {"", "file:", "/var/lib/belay", "memory", "redis://:pw@h/0"}) {
    const auto refused = state::open(url);
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().message.find("pw"), std::string::npos);
  }
}

}  // namespace
}  // namespace belay
