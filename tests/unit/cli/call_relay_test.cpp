#include "call_relay.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include "processes.hpp"
#include "screens.hpp"

namespace belay::cli {
namespace {

/// A call that plays a script on a loop thread of its own.
class Played : public runtime::Call {
 public:
  using Script = std::function<runtime::CallResult(Played&, runtime::Observer&)>;

  void cancel() override { tell(cancelled_); }
  void resume() override { tell(resumed_); }

  /// [the script's thread]
  void wait_for_cancel() { wait(cancelled_); }
  void wait_for_resume() { wait(resumed_); }

 private:
  void tell(bool& what) {
    const std::lock_guard lock(mutex_);
    what = true;
    changed_.notify_all();
  }
  void wait(bool& what) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return what; });
    what = false;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool cancelled_ = false, resumed_ = false;
};

/// Follows a played call that writes to `out`.
Delivered play(Show show, int out, const Played::Script& script, const Interrupt& interrupt) {
  std::thread loop;
  Screen screen = pipe_screen();
  screen.fd = out;
  Progress progress(pipe_screen(), system_clock());
  const auto delivered = follow(
      [&](std::shared_ptr<runtime::Observer> observer) {
        auto call = std::make_shared<Played>();
        loop = std::thread([call, observer, &script] { observer->on_done(script(*call, *observer)); });
        return call;
      },
      show, screen, progress, interrupt);
  loop.join();
  return delivered;
}

runtime::CallResult ended(fallback::Outcome outcome) {
  runtime::CallResult result;
  result.trace.outcome = outcome;
  return result;
}

TEST(CallRelay, TextIsWrittenInOrderAsItArrives) {
  Pipe pipe;
  const Interrupt interrupt;

  const Delivered delivered = play(
      Show::text, pipe.in.get(),
      [&](Played&, runtime::Observer& observer) {
        char byte = 0;
        for (const char* text : {"a", "b", "c"}) {
          observer.on_event("{}");
          observer.on_text(text);
          EXPECT_EQ(read(pipe.out.get(), &byte, 1), 1);  // it is there before the next one comes
          EXPECT_EQ(byte, *text);
        }
        return ended(fallback::Outcome::ok);
      },
      interrupt);

  EXPECT_TRUE(delivered.result.ok());
  EXPECT_EQ(delivered.written, Written::whole);
  EXPECT_TRUE(delivered.any);
  EXPECT_EQ(delivered.last, 'c');
}

TEST(CallRelay, EventsAreOneLineEach) {
  Pipe pipe;
  const Interrupt interrupt;
  (void)play(
      Show::events, pipe.in.get(),
      [](Played&, runtime::Observer& observer) {
        observer.on_event("{\n \"a\": \"x\\n\"\r\n}");
        observer.on_event("{}");
        observer.on_text("ignored");
        return ended(fallback::Outcome::ok);
      },
      interrupt);
  pipe.in.reset();
  EXPECT_EQ(read_all(pipe.out.get()), "{  \"a\": \"x\\n\"  }\n{}\n");
}

TEST(CallRelay, NothingIsWrittenOfACallThatIsNotStreamed) {
  Pipe pipe;
  const Interrupt interrupt;
  const Delivered delivered = play(
      Show::nothing, pipe.in.get(),
      [](Played&, runtime::Observer& observer) {
        observer.on_text("a");
        return ended(fallback::Outcome::ok);
      },
      interrupt);
  pipe.in.reset();
  EXPECT_EQ(read_all(pipe.out.get()), "");
  EXPECT_FALSE(delivered.any);
}

TEST(CallRelay, AReaderThatDoesNotReadPausesItsUpstream) {
  Pipe pipe;
  const Interrupt interrupt;
  const std::string piece(64 << 10, 'x');
  std::thread reader;
  std::string arrived;

  const Delivered delivered = play(
      Show::text, pipe.in.get(),
      [&](Played& call, runtime::Observer& observer) {
        std::size_t sent = 0;
        while (observer.on_event("{}")) {
          observer.on_text(piece);
          sent += piece.size();
          EXPECT_LT(sent, 10U << 20);  // bounded, however much the upstream has
        }
        reader = std::thread([&] { arrived = read_all(pipe.out.get()); });
        call.wait_for_resume();
        observer.on_text("the end");
        return ended(fallback::Outcome::ok);
      },
      interrupt);

  pipe.in.reset();
  reader.join();
  EXPECT_EQ(delivered.written, Written::whole);
  EXPECT_TRUE(arrived.ends_with("xthe end"));
}

TEST(CallRelay, AnInterruptionCancelsAndWhatArrivedStays) {
  Pipe pipe;
  const Interrupt interrupt;
  const Delivered delivered = play(
      Show::text, pipe.in.get(),
      [](Played& call, runtime::Observer& observer) {
        observer.on_text("partial");
        raise(SIGINT);
        call.wait_for_cancel();
        return ended(fallback::Outcome::cancelled);
      },
      interrupt);
  pipe.in.reset();
  EXPECT_EQ(read_all(pipe.out.get()), "partial");
  EXPECT_EQ(delivered.result.trace.outcome, fallback::Outcome::cancelled);
}

TEST(CallRelay, AnInterruptionThatCameBeforeTheCallCancelsIt) {
  Pipe pipe;
  const Interrupt interrupt;
  raise(SIGINT);
  const Delivered delivered = play(
      Show::text, pipe.in.get(),
      [](Played& call, runtime::Observer&) {
        call.wait_for_cancel();
        return ended(fallback::Outcome::cancelled);
      },
      interrupt);
  EXPECT_EQ(delivered.result.trace.outcome, fallback::Outcome::cancelled);
}

// The reader of our output stopped reading (a pager): Ctrl-C must not wait for it.
TEST(CallRelay, AnInterruptionDoesNotWaitForAReaderThatDoesNotRead) {
  Pipe pipe;
  pipe.fill();
  const Interrupt interrupt;
  const Delivered delivered = play(
      Show::text, pipe.in.get(),
      [](Played& call, runtime::Observer& observer) {
        observer.on_text("nobody reads this");
        raise(SIGINT);
        call.wait_for_cancel();
        observer.on_text("nor this");
        return ended(fallback::Outcome::cancelled);
      },
      interrupt);
  EXPECT_EQ(delivered.result.trace.outcome, fallback::Outcome::cancelled);
}

TEST(CallRelay, AReaderThatGoesAwayCancels) {
  const Ended child = in_child([] {
    survive_closed_pipes();
    Pipe pipe;
    pipe.out.reset();
    const Interrupt interrupt;
    const Delivered delivered = play(
        Show::text, pipe.in.get(),
        [](Played& call, runtime::Observer& observer) {
          observer.on_text("a");
          call.wait_for_cancel();
          return ended(fallback::Outcome::cancelled);
        },
        interrupt);
    return delivered.written == Written::reader_gone ? 0 : 1;
  });
  EXPECT_EQ(child.code, 0);
}

TEST(CallRelay, ATerminalGetsNoControlCharactersOfAnAnswer) {
  Pipe pipe;
  const Interrupt interrupt;
  Screen screen = pipe_screen();
  screen.fd = pipe.in.get();
  screen.terminal = true;
  Progress progress(pipe_screen(), system_clock());
  std::thread loop;
  (void)follow(
      [&](std::shared_ptr<runtime::Observer> observer) {
        loop = std::thread([observer] {
          observer->on_text("a\x1b[2Jb");
          observer->on_done(ended(fallback::Outcome::ok));
        });
        return std::make_shared<Played>();
      },
      Show::text, screen, progress, interrupt);
  loop.join();
  pipe.in.reset();
  EXPECT_EQ(read_all(pipe.out.get()), "a\xef\xbf\xbd[2Jb");
}

}  // namespace
}  // namespace belay::cli
