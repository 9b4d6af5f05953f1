#include "writing.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <thread>

#include "processes.hpp"

namespace belay::cli {
namespace {

TEST(Writing, WaitsForABusyReader) {
  Pipe pipe;
  const std::string text(1 << 20, 'a');
  std::string arrived;
  std::thread reader([&] { arrived = read_all(pipe.out.get()); });

  EXPECT_EQ(write_all(pipe.in.get(), text), Written::whole);

  pipe.in.reset();
  reader.join();
  EXPECT_EQ(arrived, text);
}

TEST(Writing, AReaderThatWentAwayIsToldApartFromAFailure) {
  const Ended ended = in_child([] {
    survive_closed_pipes();
    Pipe pipe;
    pipe.out.reset();
    if (write_all(pipe.in.get(), "x") != Written::reader_gone) return 1;
    const Fd full(open("/dev/full", O_WRONLY));
    return write_all(full.get(), "x") == Written::failed && errno == ENOSPC ? 0 : 2;
  });
  EXPECT_EQ(ended.code, 0);
}

TEST(Writing, AnInterruptionEndsTheWaitForAReaderThatDoesNotRead) {
  Pipe pipe, interrupt;
  pipe.fill();
  ASSERT_EQ(write(interrupt.in.get(), "x", 1), 1);

  EXPECT_EQ(write_all(pipe.in.get(), "x", interrupt.out.get()), Written::interrupted);
}

TEST(Writing, AReaderThatReadsGetsItsTextAfterAnInterruptionToo) {
  Pipe pipe, interrupt;
  ASSERT_EQ(write(interrupt.in.get(), "x", 1), 1);

  EXPECT_EQ(write_all(pipe.in.get(), "the error", interrupt.out.get()), Written::whole);
}

TEST(Writing, ClosedStandardDescriptorsAreTakenSoThatNoFileGetsTheirNumber) {
  const Ended ended = in_child([] {
    close(0);
    close(1);
    keep_standard_descriptors();
    char byte = 0;
    if (read(0, &byte, 1) != 0) return 1;
    if (write_all(1, "x") != Written::failed) return 2;
    return open("/dev/null", O_RDONLY) > 2 ? 0 : 3;
  });
  EXPECT_EQ(ended.code, 0);
}

TEST(Writing, ProgramsThatAreStartedFromHereDieOfAClosedPipeAsUsual) {
  const Ended ended = in_child([] {
    survive_closed_pipes();
    execl("/bin/sh", "sh", "-c", "kill -PIPE $$; exit 0", nullptr);
    return 127;
  });
  EXPECT_EQ(ended.signal, SIGPIPE);
}

}  // namespace
}  // namespace belay::cli
