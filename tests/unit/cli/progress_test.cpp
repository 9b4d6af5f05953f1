#include "progress.hpp"

#include <gtest/gtest.h>

#include "processes.hpp"
#include "screens.hpp"

namespace belay::cli {
namespace {

using namespace std::chrono_literals;

class FakeClock : public Clock {
 public:
  [[nodiscard]] MonoTime mono() const override { return now; }
  [[nodiscard]] UnixMs unix_ms() const override { return 0; }
  MonoTime now{};
};

fallback::Attempt attempt(int n, std::optional<fallback::Reason> reason = {}) {
  fallback::Attempt made;
  made.n = n;
  made.provider = "p";
  made.model = "m1";
  made.credential = "main";
  made.reason = reason;
  made.status = reason ? 401 : 0;
  made.verdict = fallback::Verdict::next_target;
  return made;
}

std::vector<std::string> lines(const Progress& progress, const FakeClock& clock) { return progress.lines(clock.now); }

TEST(Progress, ShowsWhatFailedAndWhatRunsNow) {
  FakeClock clock;
  Progress progress(terminal(80), clock);
  EXPECT_EQ(lines(progress, clock), std::vector<std::string>{"⠋ choosing  0 s"});

  progress.begins(attempt(1));
  clock.now += 2100ms;
  EXPECT_EQ(lines(progress, clock), std::vector<std::string>{"⠙ p/m1#main  2 s"});

  progress.ended(attempt(1, fallback::Reason::auth_rejected));
  EXPECT_EQ(lines(progress, clock),
            (std::vector<std::string>{"✗ p/m1#main  401 auth_rejected  next_target", "⠙ waiting  0 s"}));

  progress.begins(attempt(2));
  EXPECT_EQ(lines(progress, clock).back(), "⠙ p/m1#main  0 s");
}

TEST(Progress, NeverTakesMoreThanTheScreen) {
  FakeClock clock;
  Progress progress(terminal(24, 4), clock);
  for (int n = 1; n <= 9; ++n) progress.ended(attempt(n, fallback::Reason::auth_rejected));
  progress.begins(attempt(10));

  EXPECT_EQ(lines(progress, clock),
            (std::vector<std::string>{"✗ p/m1#main  401 auth_…", "✗ p/m1#main  401 auth_…", "⠋ p/m1#main  0 s"}));
}

TEST(Progress, AQuickCallShowsNothing) {
  FakeClock clock;
  Pipe pipe;
  Screen screen = terminal(80);
  screen.fd = pipe.in.get();
  {
    Progress progress(screen, clock);
    progress.begins(attempt(1));
    clock.now += 249ms;
    progress.draw();
  }
  pipe.in.reset();
  EXPECT_EQ(read_all(pipe.out.get()), "");
}

TEST(Progress, IsGoneBeforeAnythingElseIsWritten) {
  FakeClock clock;
  Pipe pipe;
  Screen screen = terminal(80);
  screen.fd = pipe.in.get();
  {
    Progress progress(screen, clock);
    progress.begins(attempt(1));
    clock.now += 300ms;
    progress.draw();
    progress.close();
    progress.draw();  // too late: nothing is drawn any more
  }
  pipe.in.reset();
  EXPECT_EQ(read_all(pipe.out.get()), "\r\x1b[J⠸ p/m1#main  0 s\n\x1b[1A\r\r\x1b[J");
}

TEST(Progress, APipeIsNotDrawnOn) {
  FakeClock clock;
  Pipe pipe;
  Screen screen = pipe_screen();
  screen.fd = pipe.in.get();
  Progress progress(screen, clock);
  EXPECT_FALSE(progress.shown());
  clock.now += 10s;
  progress.draw();
  progress.close();
  pipe.in.reset();
  EXPECT_EQ(read_all(pipe.out.get()), "");
}

TEST(Progress, AnUpstreamsNameCannotSteerTheTerminal) {
  FakeClock clock;
  Progress progress(terminal(80), clock);
  auto bad = attempt(1);
  bad.model = "\x1b[2J";
  progress.begins(bad);
  EXPECT_EQ(lines(progress, clock).back(), "⠋ p/\\x1b[2J#main  0 s");
}

}  // namespace
}  // namespace belay::cli
