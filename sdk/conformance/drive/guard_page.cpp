#include "drive/guard_page.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <new>

namespace belay::conform {
namespace {

std::size_t page() {
  static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return size;
}
std::size_t up(std::size_t value, std::size_t to) { return (value + to - 1) / to * to; }

}  // namespace

GuardedBytes::GuardedBytes(std::size_t size, std::size_t alignment) : size_(size), mapped_(up(size == 0 ? 1 : size, page()) + 2 * page()) {
  void* map = ::mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (map == MAP_FAILED) throw std::bad_alloc();
  map_ = static_cast<std::byte*>(map);
  writable();
  std::byte* end = map_ + mapped_ - page();
  data_ = end - up(size, alignment);
}

GuardedBytes::GuardedBytes(std::string_view content) : GuardedBytes(content.size()) {
  if (!content.empty()) std::memcpy(data_, content.data(), content.size());
}

GuardedBytes::~GuardedBytes() { ::munmap(map_, mapped_); }

bool GuardedBytes::holds(const void* address) const {
  const auto* at = static_cast<const std::byte*>(address);
  return at >= map_ && at < map_ + mapped_;
}

void GuardedBytes::read_only() { ::mprotect(map_ + page(), mapped_ - 2 * page(), PROT_READ); }
void GuardedBytes::writable() { ::mprotect(map_ + page(), mapped_ - 2 * page(), PROT_READ | PROT_WRITE); }
void GuardedBytes::unreadable() { ::mprotect(map_ + page(), mapped_ - 2 * page(), PROT_NONE); }

ReadOnlyArena::ReadOnlyArena(std::size_t room) : bytes_(up(room, page())) {}

void* ReadOnlyArena::take(std::size_t size, std::size_t alignment) {
  const std::size_t at = up(used_, alignment);
  if (at + size > bytes_.size()) throw std::bad_alloc();
  used_ = at + size;
  return bytes_.data() + at;
}

std::string_view ReadOnlyArena::keep_text(std::string_view text) {
  const char* at = keep(std::span<const char>(text.data(), text.size()));
  return {at, text.size()};
}

}  // namespace belay::conform
