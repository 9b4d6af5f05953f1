// Single flight in one process: joining, leaving, overrunning.
#include <poll.h>

#include <latch>

#include "world.hpp"

namespace belay::credentials {
namespace {

using std::chrono::steady_clock;

class Flying : public World {
 protected:
  /// Opens a login whose hook waits for `go`.
  void open_gated() {
    write_text(file("login"), login_json(0));
    open_one(login_in(file("login")));
    hook = [this](const HookInput& input) {
      deadline = input.deadline;
      cancel = input.cancel;
      entered.set_value();
      gone.wait();
      return tokens(1);
    };
    (void)lookup();
  }
  RefreshRequest patient_for(Millis span) const {
    auto wanted = request(Cause::rejected, 1);
    wanted.wait_until = steady_clock::now() + span;
    return wanted;
  }

  std::promise<void> entered, go;
  std::shared_future<void> gone = go.get_future().share();
  MonoTime deadline;
  CancelToken cancel;
};

TEST_F(Flying, TwentyThreadsMakeOneRefresh) {
  write_text(file("login"), login_json(0));
  open_one(login_in(file("login")));
  hook = [](const HookInput&) { return tokens(1); };
  (void)lookup();
  std::latch start(20);
  std::vector<std::thread> threads;
  std::atomic<int> refreshed{0};
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      const RefreshResult result = refresh(1);
      if (result.outcome == RefreshOutcome::refreshed && result.generation == 2 && secret_of(lookup()) == "at-SECRET-1")
        ++refreshed;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refreshed, 20);
  EXPECT_EQ(hook_calls, 1);
}

TEST_F(Flying, FailuresAreSharedToo) {
  open_gated();
  hook = [this](const HookInput&) {
    entered.set_value();
    gone.wait();
    return HookOutput{.outcome = RefreshOutcome::failed_permanent, .message = "invalid_grant"};
  };
  auto first = refresh_async(patient_for(std::chrono::seconds(30)));
  entered.get_future().wait();
  auto second = refresh_async(patient_for(std::chrono::seconds(30)));
  go.set_value();
  EXPECT_EQ(first.get().outcome, RefreshOutcome::failed_permanent);
  EXPECT_EQ(second.get().outcome, RefreshOutcome::failed_permanent);
  EXPECT_EQ(hook_calls, 1);
}

TEST_F(Flying, AWaiterLeavesInTimeAndTheRefreshGoesOn) {
  open_gated();
  auto leaving = refresh_async(patient_for(Millis(100)));
  entered.get_future().wait();
  auto staying = refresh_async(patient_for(std::chrono::seconds(30)));
  const RefreshResult left = leaving.get();
  EXPECT_EQ(left.outcome, RefreshOutcome::failed_transient);
  EXPECT_EQ(staying.wait_for(Millis(0)), std::future_status::timeout);
  go.set_value();
  EXPECT_EQ(staying.get().outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(hook_calls, 1);
}

TEST_F(Flying, ItIsStoredThoughItsLastWaiterHasGone) {
  open_gated();
  EXPECT_EQ(refresh_async(patient_for(Millis(50))).get().outcome, RefreshOutcome::failed_transient);
  entered.get_future().wait();
  go.set_value();
  reopen();  // the store waits for what is under way
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-1");
}

TEST_F(Flying, TheHookHasItsOwnLimit) {
  hook_limit = Millis(60'000);
  open_gated();
  auto result = refresh_async(patient_for(Millis(50)));
  entered.get_future().wait();
  EXPECT_GT(deadline, steady_clock::now() + std::chrono::seconds(50));
  EXPECT_FALSE(cancel.cancelled());
  go.set_value();
  (void)result.get();
}

TEST_F(Flying, AnOverrunningHookIsTransientAndItsLateResultIsTaken) {
  hook_limit = Millis(50);
  open_gated();
  auto result = refresh_async(patient_for(std::chrono::seconds(60)));
  entered.get_future().wait();
  EXPECT_EQ(result.get().outcome, RefreshOutcome::failed_transient);
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::failed_transient) << "who comes later does not wait for it either";
  while (!cancel.cancelled()) std::this_thread::yield();
  go.set_value();
  reopen();
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-1");
  EXPECT_EQ(hook_calls, 1);
}

TEST_F(Flying, WhoMetARefusalOfTheNewTokenGetsTheNextOne) {
  open_gated();
  hook = [this](const HookInput& input) {
    if (input.generation == 1) {
      entered.set_value();
      gone.wait();
    }
    return tokens(static_cast<int>(input.generation));
  };
  auto first = refresh_async(patient_for(std::chrono::seconds(30)));
  entered.get_future().wait();
  auto second = refresh_async([&] {
    auto wanted = patient_for(std::chrono::seconds(30));
    wanted.failed_generation = 2;
    return wanted;
  }());
  go.set_value();
  EXPECT_EQ(first.get().generation, 2U);
  EXPECT_EQ(second.get().generation, 3U);
}

TEST_F(Flying, ElsewhereLeadsAndIsJoinedHere) {
  std::atomic<int> led{0};
  elsewhere = [&](const RefreshRequest& wanted) {
    ++led;
    EXPECT_EQ(wanted.provider, "p");
    EXPECT_NE(wanted.asked_at, 0);
    gone.wait();
    return store->refresh_here(wanted);
  };
  open_gated();
  hook = [](const HookInput&) { return tokens(1); };
  auto first = refresh_async(patient_for(std::chrono::seconds(30)));
  auto second = refresh_async(patient_for(std::chrono::seconds(30)));
  go.set_value();
  EXPECT_EQ(first.get().outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(second.get().outcome, RefreshOutcome::refreshed);
  EXPECT_EQ(led, 1);
  EXPECT_EQ(secret_of(lookup()), "at-SECRET-1");
}

TEST_F(Flying, AKeyHasNoTokenRequestToProtectSoItIsRefreshedHere) {
  elsewhere = [](const RefreshRequest&) { return RefreshResult{}; };
  open_one(key_from("main", "literal:sk-1"));
  (void)lookup();
  EXPECT_EQ(refresh(1).outcome, RefreshOutcome::not_applicable);
}

TEST_F(Flying, TheEndOfTheStoreCutsAHookThatHasNoRefreshTokenToLose) {
  open_one(key_from("main", "literal:sk-1"));
  hook = [this](const HookInput& input) {
    entered.set_value();
    while (!input.cancel.cancelled()) std::this_thread::yield();
    return HookOutput{.outcome = RefreshOutcome::failed_transient};
  };
  (void)lookup();
  auto result = refresh_async(patient_for(std::chrono::seconds(60)));
  entered.get_future().wait();
  store.reset();
  EXPECT_EQ(result.get().outcome, RefreshOutcome::failed_transient);
}

TEST_F(Flying, TheEndOfTheStoreWaitsForAHookThatMaySpendARefreshToken) {
  open_gated();
  auto result = refresh_async(patient_for(std::chrono::seconds(60)));
  entered.get_future().wait();
  std::thread ending([this] { store.reset(); });
  pollfd wrongly{cancel.descriptor(), POLLIN, 0};
  EXPECT_EQ(poll(&wrongly, 1, 200), 0) << "it was cancelled";
  go.set_value();
  ending.join();
  EXPECT_EQ(result.get().outcome, RefreshOutcome::refreshed);
  EXPECT_FALSE(cancel.cancelled());
}

TEST_F(Flying, AnUnknownCredentialIsToldOnAWorker) {
  open_gated();
  auto wanted = request(Cause::rejected, 1);
  wanted.id = "nobody";
  EXPECT_EQ(refresh_async(wanted).get().outcome, RefreshOutcome::failed_transient);
}

}  // namespace
}  // namespace belay::credentials
