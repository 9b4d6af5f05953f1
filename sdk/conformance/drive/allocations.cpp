// malloc() and its kin, counting. Here nothing may allocate, lock or throw: every allocation of the process passes through.
#include "drive/allocations.hpp"

#include <malloc.h>

#include <cerrno>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BELAY_ALLOCATOR_IS_TAKEN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define BELAY_ALLOCATOR_IS_TAKEN 1
#endif
#endif
#if !defined(__GLIBC__) && !defined(BELAY_ALLOCATOR_IS_TAKEN)
#define BELAY_ALLOCATOR_IS_TAKEN 1  // the functions to go on to are glibc's
#endif

namespace belay::conform {
namespace {

/// Of one thread. In the program's own thread-local block, so that reading it never allocates.
struct Counting {
  AllocationCount count;
  std::uint64_t fail_in = 0;  ///< 0: none fails; n: the n-th from now
  std::uint32_t plugin = 0;   ///< depth of enter_plugin()
  std::uint32_t host = 0;     ///< depth of HostCode
  std::uint32_t service = 0;  ///< depth of ServiceCode
  bool on = false, failed = false;
};
constinit thread_local Counting here;

[[maybe_unused]] bool counts() { return here.on && here.plugin != 0 && here.host == 0; }

/// True: this allocation has to fail.
[[maybe_unused]] bool fails() {
  if (!counts() || here.service != 0) return false;
  ++here.count.calls;
  if (here.fail_in == 0 || --here.fail_in != 0) return false;
  here.failed = true;
  return true;
}

[[maybe_unused]] void took(void* block) {
  if (block == nullptr || !counts()) return;
  AllocationCount& count = here.count;
  ++count.blocks;
  count.bytes += static_cast<std::int64_t>(malloc_usable_size(block));
  if (count.bytes > count.peak_bytes) count.peak_bytes = count.bytes;
}

[[maybe_unused]] void gave(void* block) {
  if (block == nullptr || !counts()) return;
  --here.count.blocks;
  here.count.bytes -= static_cast<std::int64_t>(malloc_usable_size(block));
}

}  // namespace
}  // namespace belay::conform

#if !defined(BELAY_ALLOCATOR_IS_TAKEN)
using belay::conform::fails;
using belay::conform::gave;
using belay::conform::took;

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t size) noexcept {
  if (fails()) return errno = ENOMEM, nullptr;
  void* block = __libc_malloc(size);
  took(block);
  return block;
}

void free(void* block) noexcept {
  gave(block);
  __libc_free(block);
}

void* calloc(std::size_t count, std::size_t size) noexcept {
  if (fails()) return errno = ENOMEM, nullptr;
  void* block = __libc_calloc(count, size);
  took(block);
  return block;
}

void* realloc(void* old, std::size_t size) noexcept {
  if (size != 0 && fails()) return errno = ENOMEM, nullptr;
  const std::size_t before = old != nullptr ? malloc_usable_size(old) : 0;
  void* block = __libc_realloc(old, size);
  if (block == nullptr && size != 0) return nullptr;
  // Freed (or moved, which comes to the same) and allocated anew.
  if (old != nullptr && belay::conform::counts()) {
    --belay::conform::here.count.blocks;
    belay::conform::here.count.bytes -= static_cast<std::int64_t>(before);
  }
  took(block);
  return block;
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  if (fails()) return errno = ENOMEM, nullptr;
  void* block = __libc_memalign(alignment, size);
  took(block);
  return block;
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept { return memalign(alignment, size); }

int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept {
  if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
  void* block = memalign(alignment, size);
  if (block == nullptr) return ENOMEM;
  *out = block;
  return 0;
}
}  // extern "C"
#endif

namespace belay::conform {

bool allocations_seen() {
#if defined(BELAY_ALLOCATOR_IS_TAKEN)
  return false;
#else
  const Counting outer = here;   // a scope of the caller's goes on undisturbed
  bool seen = false;
  {
    CountAllocations counting;
    // Through a pointer that the compiler does not see through, or it leaves out the pair.
    void* (*volatile allocate)(std::size_t) = &std::malloc;
    enter_plugin();
    void* block = allocate(1);
    leave_plugin();
    seen = counting.so_far().calls == 1;
    std::free(block);
  }
  here = outer;
  return seen;
#endif
}

CountAllocations::CountAllocations() {
  here.count = {};
  here.fail_in = 0;
  here.on = true;
}
CountAllocations::~CountAllocations() { here.on = false; }
AllocationCount CountAllocations::so_far() const { return here.count; }
void CountAllocations::forget_peak() { here.count.peak_bytes = here.count.bytes; }

FailAllocation::FailAllocation(std::uint64_t n) {
  here.count = {};
  here.fail_in = n + 1;
  here.failed = false;
  here.on = true;
}
FailAllocation::~FailAllocation() {
  here.on = false;
  here.fail_in = 0;
}
bool FailAllocation::happened() const { return here.failed; }

void enter_plugin() { ++here.plugin; }
void leave_plugin() { --here.plugin; }
HostCode::HostCode() { ++here.host; }
HostCode::~HostCode() { --here.host; }
ServiceCode::ServiceCode() { ++here.service; }
ServiceCode::~ServiceCode() { --here.service; }

}  // namespace belay::conform
