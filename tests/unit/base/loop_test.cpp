#include "base/loop.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <future>
#include <optional>
#include <thread>
#include <vector>

#include "base/file.hpp"

namespace belay {
namespace {

std::unique_ptr<Loop> make_loop() {
  auto loop = Loop::create();
  if (!loop) std::abort();
  return std::move(*loop);
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) std::abort();
    read_end = Fd(ends[0]);
    write_end = Fd(ends[1]);
  }
  void fill() const { ASSERT_EQ(write(write_end.get(), "x", 1), 1); }
  Fd read_end, write_end;
};

struct CallsBack : Watcher {
  explicit CallsBack(std::function<void(std::uint32_t)> call) : call(std::move(call)) {}
  void on_ready(std::uint32_t events) override { call(events); }
  std::function<void(std::uint32_t)> call;
};

TEST(Loop, RunsPostedJobsInOrder) {
  const auto loop = make_loop();
  std::vector<int> ran;
  for (int i = 0; i < 3; ++i) loop->post([&ran, i] { ran.push_back(i); });
  loop->post([&] { loop->stop(); });

  loop->run();

  EXPECT_EQ(ran, (std::vector<int>{0, 1, 2}));
}

TEST(Loop, RunsJobsPostedByOtherThreads) {
  const auto loop = make_loop();
  constexpr int threads = 4, each = 5000;
  int ran = 0;  // touched on the loop thread only
  std::vector<std::thread> posters;
  for (int t = 0; t < threads; ++t) {
    posters.emplace_back([&] {
      for (int i = 0; i < each; ++i) {
        loop->post([&] {
          if (++ran == threads * each) loop->stop();
        });
      }
    });
  }

  loop->run();
  for (auto& poster : posters) poster.join();

  EXPECT_EQ(ran, threads * each);
}

TEST(Loop, AJobMayPostAnother) {
  const auto loop = make_loop();
  bool second = false;
  loop->post([&] {
    loop->post([&] {
      second = true;
      loop->stop();
    });
  });

  loop->run();

  EXPECT_TRUE(second);
}

TEST(Loop, CanRunAgainAfterStop) {
  const auto loop = make_loop();
  int runs = 0;
  for (int i = 0; i < 2; ++i) {
    loop->post([&] {
      ++runs;
      loop->stop();
    });
    loop->run();
  }

  EXPECT_EQ(runs, 2);
}

TEST(Loop, KnowsItsThreadWhileItRuns) {
  const auto loop = make_loop();
  EXPECT_FALSE(loop->on_loop_thread());
  bool inside = false, elsewhere = true;
  loop->post([&] {
    inside = loop->on_loop_thread();
    std::thread([&] { elsewhere = loop->on_loop_thread(); }).join();
    loop->stop();
  });

  loop->run();

  EXPECT_TRUE(inside);
  EXPECT_FALSE(elsewhere);
  EXPECT_FALSE(loop->on_loop_thread());
}

TEST(Loop, JobsThatNeverRanAreFreedWithIt) {
  auto held = std::make_shared<int>(1);
  {
    const auto loop = make_loop();
    loop->post([held] {});
    loop->at_turn_end([held] {});
  }

  EXPECT_EQ(held.use_count(), 1);
}

TEST(Loop, WhatALastJobHoldsMayPostWhileItGoesAway) {
  struct PostsAtEnd {
    Loop& loop;
    std::shared_ptr<int> held;
    ~PostsAtEnd() {
      loop.post([held = held] {});
    }
  };
  auto held = std::make_shared<int>(1);
  {
    const auto loop = make_loop();
    loop->post([last = std::make_shared<PostsAtEnd>(*loop, held)] {});
  }

  EXPECT_EQ(held.use_count(), 1);
}

TEST(Loop, TurnEndJobsRunAfterPostedOnesAndWithoutSleeping) {
  const auto loop = make_loop();
  std::vector<std::string> order;
  loop->post([&] {
    loop->at_turn_end([&] {
      order.emplace_back("end");
      loop->at_turn_end([&] {
        order.emplace_back("next end");
        loop->stop();
      });
    });
    order.emplace_back("posted 1");
  });
  loop->post([&] { order.emplace_back("posted 2"); });

  loop->run();  // would sleep for ever if the job of the next turn's end did not wake it

  EXPECT_EQ(order, (std::vector<std::string>{"posted 1", "posted 2", "end", "next end"}));
}

TEST(Loop, ReportsReadinessOfADescriptor) {
  const auto loop = make_loop();
  const Pipe pipe;
  std::uint32_t seen = 0;
  CallsBack watcher([&](std::uint32_t events) {
    seen = events;
    loop->unwatch(pipe.read_end.get());
    loop->stop();
  });
  ASSERT_TRUE(loop->watch(pipe.read_end.get(), EPOLLIN, watcher));
  pipe.fill();

  loop->run();

  EXPECT_EQ(seen, std::uint32_t{EPOLLIN});
}

TEST(Loop, RewatchChangesWhatIsReported) {
  const auto loop = make_loop();
  const Pipe pipe;
  pipe.fill();
  int calls = 0;
  CallsBack watcher([&](std::uint32_t) { ++calls; });
  ASSERT_TRUE(loop->watch(pipe.read_end.get(), EPOLLIN, watcher));
  ASSERT_TRUE(loop->rewatch(pipe.read_end.get(), 0));
  loop->post([&] { loop->post([&] { loop->stop(); }); });

  loop->run();

  EXPECT_EQ(calls, 0);
  loop->unwatch(pipe.read_end.get());
  EXPECT_FALSE(loop->rewatch(pipe.read_end.get(), EPOLLIN));
}

// Both pipes are ready in one turn; whichever is told first takes the other away.
TEST(Loop, AnUnwatchedDescriptorIsNotReportedInTheSameTurn) {
  const auto loop = make_loop();
  const Pipe a, b;
  a.fill();
  b.fill();
  int calls = 0;
  CallsBack watcher([&](std::uint32_t) {
    ++calls;
    loop->unwatch(a.read_end.get());
    loop->unwatch(b.read_end.get());
    loop->stop();
  });
  ASSERT_TRUE(loop->watch(a.read_end.get(), EPOLLIN, watcher));
  ASSERT_TRUE(loop->watch(b.read_end.get(), EPOLLIN, watcher));

  loop->run();

  EXPECT_EQ(calls, 1);
}

// A handler closes the other ready descriptor and opens a new one that gets the same number: the old readiness is not
// the new one's.
TEST(Loop, AReusedDescriptorNumberDoesNotInheritReadiness) {
  const auto loop = make_loop();
  std::optional<Pipe> a(std::in_place), b(std::in_place);
  const Pipe silent;
  a->fill();
  b->fill();
  int false_calls = 0;
  CallsBack fresh([&](std::uint32_t) { ++false_calls; });
  int reused = -1;
  CallsBack first([&](std::uint32_t) {
    const int fds[] = {a->read_end.get(), b->read_end.get()};
    for (const int fd : fds) loop->unwatch(fd);
    for (const int fd : fds) {
      reused = dup2(silent.read_end.get(), fd);
      ASSERT_TRUE(loop->watch(reused, EPOLLIN, fresh));
    }
    loop->stop();
  });
  ASSERT_TRUE(loop->watch(a->read_end.get(), EPOLLIN, first));
  ASSERT_TRUE(loop->watch(b->read_end.get(), EPOLLIN, first));

  loop->run();

  EXPECT_GE(reused, 0);
  EXPECT_EQ(false_calls, 0);
}

TEST(Loop, OneWatcherPerDescriptor) {
  const auto loop = make_loop();
  const Pipe pipe;
  CallsBack watcher([](std::uint32_t) {});
  ASSERT_TRUE(loop->watch(pipe.read_end.get(), EPOLLIN, watcher));

  const auto again = loop->watch(pipe.read_end.get(), EPOLLIN, watcher);

  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, "cannot watch a descriptor: File exists");
}

TEST(Loop, ASignalDoesNotEndIt) {
  const auto loop = make_loop();
  struct sigaction action {
  }, before{};
  action.sa_handler = [](int) {};
  sigaction(SIGUSR1, &action, &before);
  std::promise<pthread_t> running;
  bool ran = false;
  std::thread thread([&] {
    loop->post([&] { running.set_value(pthread_self()); });
    loop->run();
    ran = true;
  });
  const pthread_t target = running.get_future().get();
  for (int i = 0; i < 100; ++i) pthread_kill(target, SIGUSR1);
  std::promise<void> alive;
  loop->post([&] { alive.set_value(); });
  alive.get_future().wait();

  loop->stop();
  thread.join();

  EXPECT_TRUE(ran);
  sigaction(SIGUSR1, &before, nullptr);
}

Loop* stopped_by_signal = nullptr;

TEST(Loop, StopMayBeCalledFromASignalHandlerAndKeepsErrno) {
  const auto loop = make_loop();
  stopped_by_signal = loop.get();
  struct sigaction action {
  }, before{};
  action.sa_handler = [](int) { stopped_by_signal->stop(); };
  sigaction(SIGUSR1, &action, &before);
  int after = 0;
  loop->post([&] {
    errno = 4711;
    raise(SIGUSR1);
    after = errno;
  });

  loop->run();

  EXPECT_EQ(after, 4711);
  sigaction(SIGUSR1, &before, nullptr);
}

}  // namespace
}  // namespace belay
