#include "secret_memory.hpp"

#include <sys/mman.h>

#include <array>
#include <bit>
#include <cstring>
#include <mutex>
#include <new>

#include "base/secret.hpp"

namespace belay {
namespace {

// A page for each secret would do, were there not gateways that hold thousands of them and a page costs two system
// calls and a fault. So small ones share pages: blocks of 64 bytes to 4 KiB, doubling, cut from chunks that are never
// given back to the system.
constexpr std::size_t smallest = 64, largest = 4096, chunk = 64u << 10;
constexpr std::size_t kinds = 7;
static_assert(smallest << (kinds - 1) == largest);

struct Block {
  Block* next;
};

struct Free {
  std::mutex mutex;
  std::array<Block*, kinds> first{};
};

/// Never destroyed: secrets in static objects may outlive it.
Free& free_blocks() {
  static auto* const blocks = new Free;
  return *blocks;
}

char* map(std::size_t size) {
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  madvise(memory, size, MADV_DONTDUMP);
  return static_cast<char*>(memory);
}

std::size_t kind_of(std::size_t size) {
  return size <= smallest ? 0 : static_cast<std::size_t>(std::bit_width((size - 1) / smallest));
}

char* take(std::size_t size) {
  if (size > largest) return map(size);
  const std::size_t kind = kind_of(size), step = smallest << kind;
  Free& blocks = free_blocks();
  const std::lock_guard lock(blocks.mutex);
  if (blocks.first[kind] == nullptr) {
    char* const memory = map(chunk);
    for (std::size_t at = 0; at < chunk; at += step) blocks.first[kind] = new (memory + at) Block{blocks.first[kind]};
  }
  Block* const block = blocks.first[kind];
  blocks.first[kind] = block->next;
  return reinterpret_cast<char*>(block);
}

void give_back(char* memory, std::size_t size) {
  wipe(memory, size);
  if (size > largest) {
    munmap(memory, size);
    return;
  }
  Free& blocks = free_blocks();
  const std::lock_guard lock(blocks.mutex);
  Block*& first = blocks.first[kind_of(size)];
  first = new (memory) Block{first};
}

}  // namespace

SecretBytes::SecretBytes(std::string_view value)
    : memory_(value.empty() ? nullptr : take(value.size())), size_(value.size()) {
  if (size_ > 0) std::memcpy(memory_, value.data(), size_);
}

SecretBytes::~SecretBytes() {
  if (memory_ != nullptr) give_back(memory_, size_);
}

}  // namespace belay
