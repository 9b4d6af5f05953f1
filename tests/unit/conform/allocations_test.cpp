// What counts as an allocation of the plugin, and which one fails.
#include "drive/allocations.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>
#include <thread>

namespace belay::conform {
namespace {

/// Through pointers that the compiler does not see through, or it leaves pairs out.
void* (*volatile allocate)(std::size_t) = &std::malloc;
void (*volatile release)(void*) = &std::free;
void* (*volatile grow)(void*, std::size_t) = &std::realloc;

struct InPlugin {
  InPlugin() { enter_plugin(); }
  ~InPlugin() { leave_plugin(); }
};

class Allocations : public testing::Test {
 protected:
  void SetUp() override {
    if (!allocations_seen()) GTEST_SKIP() << "the allocator is a sanitizer's or valgrind's";
  }
};

TEST_F(Allocations, OfThePluginAreCountedUntilTheyAreFreed) {
  const CountAllocations counting;
  const InPlugin inside;
  void* block = allocate(1000);
  EXPECT_EQ(counting.so_far().blocks, 1);
  EXPECT_GE(counting.so_far().bytes, 1000);
  release(block);
  EXPECT_EQ(counting.so_far().blocks, 0);
  EXPECT_EQ(counting.so_far().bytes, 0);
  EXPECT_GE(counting.so_far().peak_bytes, 1000);
  EXPECT_EQ(counting.so_far().calls, 1u);
}

TEST_F(Allocations, GrowingOneBlockIsOneBlock) {
  const CountAllocations counting;
  const InPlugin inside;
  void* block = grow(grow(nullptr, 10), 5000);
  EXPECT_EQ(counting.so_far().blocks, 1);
  EXPECT_GE(counting.so_far().bytes, 5000);
  release(block);
  EXPECT_EQ(counting.so_far().bytes, 0);
}

TEST_F(Allocations, OfTheToolDoNotCount) {
  const CountAllocations counting;
  release(allocate(100));   // not inside the plugin
  {
    const InPlugin inside;
    const HostCode callback;
    release(allocate(100));
  }
  EXPECT_EQ(counting.so_far().calls, 0u);
}

TEST_F(Allocations, OfOtherThreadsDoNotCount) {
  const CountAllocations counting;
  std::thread([] {
    const InPlugin inside;
    release(allocate(100));
  }).join();
  EXPECT_EQ(counting.so_far().calls, 0u);
}

TEST_F(Allocations, TheOneThatWasNamedFailsAndNoOther) {
  const FailAllocation failing(1);
  const InPlugin inside;
  void* first = allocate(10);
  void* second = allocate(10);
  void* third = allocate(10);
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(second, nullptr);
  EXPECT_NE(third, nullptr);
  EXPECT_TRUE(failing.happened());
  release(first);
  release(third);
}

TEST_F(Allocations, NewThrowsWhereMallocFails) {
  const FailAllocation failing(0);
  const InPlugin inside;
  EXPECT_THROW(static_cast<void>(std::string(100, 'x')), std::bad_alloc);
}

TEST_F(Allocations, OfAServiceCountAndNeverFail) {
  const FailAllocation failing(0);
  const InPlugin inside;
  {
    const ServiceCode service;
    void* document = allocate(10);
    EXPECT_NE(document, nullptr);
    release(document);
  }
  EXPECT_FALSE(failing.happened());
}

}  // namespace
}  // namespace belay::conform
