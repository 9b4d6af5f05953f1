// What the tool sees when a process is not left as it was; guard pages; system calls that reach outside.
#include "drive/process_state.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "drive/fault_trap.hpp"
#include "drive/guard_page.hpp"
#include "drive/syscall_trap.hpp"

namespace belay::conform {
namespace {

using testing::HasSubstr;
using testing::Optional;

TEST(ProcessState, SaysNothingOfWhatDidNotChange) { EXPECT_EQ(difference(process_state(), process_state()), std::nullopt); }

TEST(ProcessState, NamesTheSignalWhoseActionChanged) {
  const ProcessState before = process_state();
  const auto old = std::signal(SIGPIPE, SIG_IGN);
  const auto found = difference(before, process_state());
  std::signal(SIGPIPE, old);
  EXPECT_THAT(found, Optional(HasSubstr("SIGPIPE")));
}

TEST(ProcessState, NamesTheVariableAndNotItsValue) {
  const ProcessState before = process_state();
  ::setenv("BELAY_CONFORM_TEST", "a-value-that-may-be-secret", 1);
  const auto found = difference(before, process_state());
  ::unsetenv("BELAY_CONFORM_TEST");
  ASSERT_THAT(found, Optional(HasSubstr("BELAY_CONFORM_TEST")));
  EXPECT_THAT(*found, testing::Not(HasSubstr("may-be-secret")));
}

TEST(ProcessState, SeesTheUmask) {
  const ProcessState before = process_state();
  const mode_t old = ::umask(0077);
  ::umask(old == 0077 ? 0022 : 0077);
  const auto found = difference(before, process_state());
  ::umask(old);
  EXPECT_THAT(found, Optional(HasSubstr("umask")));
}

TEST(Holdings, NameTheDescriptorThatWasLeftOpen) {
  const Holdings before = holdings("");
  const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const auto found = difference(before, holdings(""));
  ::close(fd);
  EXPECT_THAT(found, Optional(HasSubstr("/dev/null")));
  EXPECT_EQ(difference(before, holdings("")), std::nullopt);
}

TEST(GuardPage, OneByteBeforeOrBehindIsNoOnes) {
  const GuardedBytes bytes(std::string_view("whole"));
  EXPECT_EQ(bytes.view(), "whole");
  volatile char seen = 0;
  const auto* last = reinterpret_cast<const volatile char*>(bytes.data()) + bytes.size() - 1;
  EXPECT_EQ(forbidden_touch([&] { seen = *last; }), std::nullopt);
  EXPECT_THAT(forbidden_touch([&] { seen = *(last + 1); }), Optional(const_cast<const char*>(last + 1)));
  static_cast<void>(seen);
}

TEST(GuardPage, WhatWasMadeReadOnlyCannotBeWrittenTo) {
  GuardedBytes bytes(8);
  auto* first = reinterpret_cast<volatile char*>(bytes.data());
  EXPECT_EQ(forbidden_touch([&] { *first = 1; }), std::nullopt);
  bytes.read_only();
  EXPECT_TRUE(forbidden_touch([&] { *first = 1; }).has_value());
}

TEST(SyscallTrap, NamesTheFileThatWasAskedFor) {
  int answer = 0;
  const auto tried = outside_calls([&] { answer = ::open("/etc/hostname", O_RDONLY | O_CLOEXEC); });
  if (!tried) GTEST_SKIP() << "this kernel has no filters";
  EXPECT_EQ(answer, -1);
  ASSERT_EQ(tried->size(), 1u);
  EXPECT_THAT(tried->front(), HasSubstr("/etc/hostname"));
}

TEST(SyscallTrap, IsGoneAfterwards) {
  static_cast<void>(outside_calls([] {}));
  const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_GE(fd, 0);
  ::close(fd);
}

}  // namespace
}  // namespace belay::conform
