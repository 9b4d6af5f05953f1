#include "run/crumb.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "base/utf8.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t longest_doing = 1024, longest_backtrace = 16u << 10;

struct Page {
  std::atomic<std::uint32_t> length;
  std::atomic<std::int64_t> trapped_call_plus_one;
  char doing[longest_doing];
};
static_assert(sizeof(Page) <= crumb_bytes);

Page in_this_process{};
Page* page = &in_this_process;

}  // namespace

void lay_crumbs_in(int fd) {
  if (fd < 0) return;
  void* memory = mmap(nullptr, crumb_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory != MAP_FAILED) page = static_cast<Page*>(memory);
}

void note_doing(std::string_view what) {
  const std::size_t length = std::min(what.size(), longest_doing);
  page->length.store(0, std::memory_order_relaxed);
  std::memcpy(page->doing, what.data(), length);
  page->length.store(static_cast<std::uint32_t>(length), std::memory_order_release);
}

void note_trapped_call(long number) { page->trapped_call_plus_one.store(number + 1, std::memory_order_release); }

Crumbs read_crumbs(int fd) {
  Crumbs out;
  Page copy{};
  if (pread(fd, static_cast<void*>(&copy), sizeof copy, 0) != static_cast<ssize_t>(sizeof copy)) return out;
  out.doing = printable(std::string_view(copy.doing, std::min<std::size_t>(copy.length.load(), longest_doing)));
  out.trapped_call = static_cast<long>(copy.trapped_call_plus_one.load() - 1);
  std::string raw(longest_backtrace, '\0');
  const ssize_t got = pread(fd, raw.data(), raw.size(), crumb_bytes);
  raw.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  out.backtrace = raw;
  return out;
}

}  // namespace belay::conform
