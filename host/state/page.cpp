#include "page.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <new>

namespace belay::state {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::uint64_t magic = 0x3130'7961'6c65'62;  // "belay01", little end first
constexpr std::size_t area_words = 32;
constexpr std::size_t counter_slots = 238;

using Word = std::atomic<std::uint64_t>;
static_assert(Word::is_always_lock_free && sizeof(Word) == 8, "the words are shared between processes as they are");

/// FNV-1a: every process, whoever compiled it, must come to the same number.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

/// The middle bits, since FNV-1a mixes its low ones badly: the areas in use ("hold", "grant", "credential", ...) get a
/// word each.
std::size_t word_of(std::string_view area) { return (hash_of(area) >> 40) % area_words; }

}  // namespace

struct Page::Layout {
  Word magic;
  Word version;
  Word areas[area_words];
  Word spare[2];
  struct Counter {
    Word name;  ///< hash of the name it belongs to; 0: free
    Word value;
  } counters[counter_slots];
};

Page::Page(void* memory, bool mapped) : memory_(memory), mapped_(mapped), words_(*static_cast<Layout*>(memory)) {
  static_assert(sizeof(Layout) == page_bytes);
}

Page::~Page() {
  if (mapped_) {
    munmap(memory_, page_bytes);
  } else {
    std::free(memory_);
  }
}

std::unique_ptr<Page> Page::in_memory() {
  void* memory = std::calloc(1, page_bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return std::unique_ptr<Page>(new Page(memory, false));
}

Result<std::unique_ptr<Page>> Page::in_file(const Fd& file, const std::filesystem::path& path) {
  std::uint64_t found = 0;
  if (pread(file.get(), &found, sizeof found, 0) < 0)
    return fail("cannot read " + path.string() + ": " + errno_text(errno));
  if (found != 0 && found != magic) {
    return fail(path.string() +
                " is not a version page of this belay; stop all belay processes, remove it, and start again");
  }
  // Blocks are taken now: writing to a hole of a full disk would be a SIGBUS later.
  if (const int code = posix_fallocate(file.get(), 0, page_bytes); code != 0) {
    return fail("cannot make room for " + path.string() + ": " + errno_text(code));
  }
  void* memory = mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (memory == MAP_FAILED) return fail("cannot map " + path.string() + ": " + errno_text(errno));
  auto page = std::unique_ptr<Page>(new Page(memory, true));
  page->words_.magic.store(magic, std::memory_order_release);
  return page;
}

std::uint64_t Page::version() const { return words_.version.load(std::memory_order_acquire); }

std::uint64_t Page::version(std::string_view area) const {
  return words_.areas[word_of(area)].load(std::memory_order_acquire);
}

void Page::changed(std::string_view area) {
  words_.areas[word_of(area)].fetch_add(1, std::memory_order_acq_rel);
  words_.version.fetch_add(1, std::memory_order_acq_rel);
}

void Page::everything_changed() {
  for (Word& word : words_.areas) word.fetch_add(1, std::memory_order_acq_rel);
  words_.version.fetch_add(1, std::memory_order_acq_rel);
}

// A slot is claimed once, by one compare-and-swap, and never given back; when all are taken, names share.
std::uint64_t Page::count(std::string_view name, std::uint64_t by) {
  const std::uint64_t mine = hash_of(name) | 1;
  for (std::size_t step = 0; step < counter_slots; ++step) {
    auto& slot = words_.counters[(mine + step) % counter_slots];
    std::uint64_t owner = slot.name.load(std::memory_order_acquire);
    if (owner == 0 && slot.name.compare_exchange_strong(owner, mine)) owner = mine;
    if (owner == mine) return slot.value.fetch_add(by, std::memory_order_acq_rel);
  }
  return words_.counters[mine % counter_slots].value.fetch_add(by, std::memory_order_acq_rel);
}

}  // namespace belay::state
