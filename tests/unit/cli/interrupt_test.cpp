#include "interrupt.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>
#include <thread>

#include "processes.hpp"

namespace belay::cli {
namespace {

bool readable(int fd) {
  pollfd watched{fd, POLLIN, 0};
  return poll(&watched, 1, 0) == 1;
}

TEST(Interrupt, ASignalMakesItsDescriptorReadable) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    const Interrupt interrupt;
    EXPECT_EQ(interrupt.signal(), 0);
    EXPECT_FALSE(readable(interrupt.descriptor()));

    raise(number);

    EXPECT_EQ(interrupt.signal(), number);
    EXPECT_TRUE(readable(interrupt.descriptor()));
  }
}

// A parent that passes Ctrl-C on, beside the terminal that sends it to the whole group.
TEST(Interrupt, TheSameWishToldTwiceCountsOnce) {
  const Interrupt interrupt;
  raise(SIGINT);
  raise(SIGINT);
  raise(SIGTERM);
  EXPECT_EQ(interrupt.signal(), SIGINT);
}

TEST(Interrupt, ALaterOneEndsTheProcess) {
  const Ended ended = in_child([] {
    const Interrupt interrupt;
    raise(SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds(600));  // the wish of a person who waited
    raise(SIGINT);
    return 0;
  });
  EXPECT_EQ(ended.signal, SIGINT);
}

TEST(Interrupt, AfterwardsSignalsDoWhatTheyDidBefore) {
  const Ended ended = in_child([] {
    { const Interrupt interrupt; }
    raise(SIGTERM);
    return 0;
  });
  EXPECT_EQ(ended.signal, SIGTERM);
}

TEST(Interrupt, UnderNohupAHangUpStaysIgnored) {
  const Ended ended = in_child([] {
    signal(SIGHUP, SIG_IGN);
    const Interrupt interrupt;
    raise(SIGHUP);
    return interrupt.signal();
  });
  EXPECT_EQ(ended.code, 0);
}

}  // namespace
}  // namespace belay::cli
