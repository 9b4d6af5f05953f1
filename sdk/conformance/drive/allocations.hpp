// What a plugin allocates: counted, or made to fail. The tool defines malloc() and its kin (allocations.cpp); a name of the program comes before libc's in the
// lookup of every shared object, so the plugin's calls, its libraries' and operator new's arrive here, and go on to libc's own functions.
//
// Counted is what one thread allocates and frees inside the plugin's functions (TestHost::Inside says so) while a scope of this file lives on it, except in
// HostCode: the callbacks of the test host mark themselves with it, so that what is left is the plugin's. Under a sanitizer or valgrind the names belong to them: `allocations_seen()` is false then and
// a check that needs the count does not apply (leaks are theirs to find).
#pragma once

#include <cstddef>
#include <cstdint>

namespace belay::conform {

/// Whether allocations of this process arrive here: tried out, not guessed.
bool allocations_seen();

/// What was allocated and freed on this thread by code of the plugin.
struct AllocationCount {
  std::int64_t blocks = 0;      ///< allocated less freed
  std::int64_t bytes = 0;       ///< the same in bytes, as large as the allocator made them
  std::int64_t peak_bytes = 0;  ///< the most that `bytes` was
  std::uint64_t calls = 0;      ///< malloc, calloc, realloc, aligned_alloc and the like
};

/// Counts on this thread as long as it lives. Not nested.
class CountAllocations {
 public:
  CountAllocations();
  ~CountAllocations();
  CountAllocations(const CountAllocations&) = delete;
  CountAllocations& operator=(const CountAllocations&) = delete;
  [[nodiscard]] AllocationCount so_far() const;
  /// The peak is measured from here on.
  void forget_peak();
};

/// The n-th allocation (from 0) that the plugin makes on this thread within the scope fails: malloc() gives NULL, operator new throws. Only that one, as in
/// a process that is at its limit for a moment. Not nested, not with CountAllocations.
class FailAllocation {
 public:
  explicit FailAllocation(std::uint64_t n);
  ~FailAllocation();
  FailAllocation(const FailAllocation&) = delete;
  FailAllocation& operator=(const FailAllocation&) = delete;
  /// False: the plugin made no more than n allocations, so there is no use in a larger n.
  [[nodiscard]] bool happened() const;
};

/// This thread goes into a function of the plugin, and comes out of it. TestHost::Inside alone calls these.
void enter_plugin();
void leave_plugin();

/// This thread is in a callback of the tool: nothing counts, nothing fails. Nests.
class HostCode {
 public:
  HostCode();
  ~HostCode();
  HostCode(const HostCode&) = delete;
  HostCode& operator=(const HostCode&) = delete;
};

/// This thread is in a service that works on the plugin's behalf and hands out what it must give back (belay.json/1): counts as the plugin's, but never fails.
/// Nests.
class ServiceCode {
 public:
  ServiceCode();
  ~ServiceCode();
  ServiceCode(const ServiceCode&) = delete;
  ServiceCode& operator=(const ServiceCode&) = delete;
};

}  // namespace belay::conform
