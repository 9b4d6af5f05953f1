#include "call_input.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "interrupt.hpp"
#include "processes.hpp"
#include "screens.hpp"

namespace belay::cli {
namespace {

Console console() { return {pipe_screen(), pipe_screen()}; }

std::optional<std::string> input_of(int fd) {
  auto input = read_input(fd, -1, console());
  EXPECT_TRUE(input) << input.error().message;
  return input.value_or(std::nullopt);
}

TEST(CallInput, APipeIsReadToItsEnd) {
  Pipe pipe;
  std::thread writer([&] {
    const std::string piece(50'000, 'a');
    for (int n = 0; n < 5; ++n) EXPECT_EQ(write(pipe.in.get(), piece.data(), piece.size()), 50'000);
    pipe.in.reset();
  });

  const auto input = input_of(pipe.out.get());

  writer.join();
  ASSERT_TRUE(input);
  EXPECT_EQ(input->size(), 250'000U);
}

TEST(CallInput, AFileIsReadWhole) {
  const Folder folder;
  const std::string path = folder.with("request.json", "{\"messages\":[]}\n");

  EXPECT_EQ(input_of(Fd(open(path.c_str(), O_RDONLY)).get()), "{\"messages\":[]}\n");
}

TEST(CallInput, NothingIsNoInput) {
  Pipe empty;
  empty.in.reset();
  EXPECT_EQ(input_of(empty.out.get()), std::nullopt);
  EXPECT_EQ(input_of(Fd(open("/dev/null", O_RDONLY)).get()), std::nullopt);
  EXPECT_EQ(input_of(-1), std::nullopt);  // closed
}

TEST(CallInput, WhatIsTooLargeIsRefusedNotSwallowed) {
  const Folder folder;
  const std::string path = folder.with("large", "");
  ASSERT_EQ(truncate(path.c_str(), (64 << 20) + 1), 0);

  const Fd file(open(path.c_str(), O_RDONLY));
  const auto input = read_input(file.get(), -1, console());

  ASSERT_FALSE(input);
  EXPECT_EQ(input.error().message, "standard input is larger than 64 MiB");
}

TEST(CallInput, AFolderIsNoInput) {
  const Fd folder(open("/", O_RDONLY));
  const auto input = read_input(folder.get(), -1, console());
  ASSERT_FALSE(input);
  EXPECT_EQ(input.error().message, "cannot read standard input: Is a directory");
}

TEST(CallInput, AnInterruptionEndsTheWaiting) {
  Pipe silent, interrupt;
  ASSERT_EQ(write(interrupt.in.get(), "x", 1), 1);

  const auto input = read_input(silent.out.get(), interrupt.out.get(), console());

  ASSERT_TRUE(input);
  EXPECT_EQ(*input, std::nullopt);
}

// The signal itself ends poll() before its descriptor has been looked at.
TEST(CallInput, ASignalThatComesWhileItWaitsEndsTheWaiting) {
  const Ended ended = in_child([] {
    const Interrupt interrupt;
    std::thread person([] { kill(getpid(), SIGINT); });
    const Pipe silent;
    const auto input = read_input(silent.out.get(), interrupt.descriptor(), console());
    person.join();
    return input && !*input && interrupt.signal() == SIGINT ? 0 : 1;
  });
  EXPECT_EQ(ended.code, 0);
}

}  // namespace
}  // namespace belay::cli
