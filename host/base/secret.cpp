#include "base/secret.hpp"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <vector>

#include "base/hash.hpp"

namespace belay {
namespace {

constexpr std::size_t shortest_scrubbed = 6;

/// Every live secret: the values that scrub() looks for. Never destroyed, so that secrets in static objects may outlive it.
struct Register {
  std::mutex mutex;
  std::vector<const std::string_view*> values;
};
Register& known() {
  static auto* const instance = new Register;
  return *instance;
}

/// Whole pages that core dumps leave out; small values share none, which is simple and few hundred secrets are few megabytes.
std::size_t page_round(std::size_t size) {
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (std::max<std::size_t>(size, 1) + page - 1) / page * page;
}

std::string percent_encoded(std::string_view text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::strchr("-._~", c) != nullptr) {
      out += c;
    } else {
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
  return out;
}

std::string json_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '/') out += '\\';
    out += c;
  }
  return out;
}

/// The part of base64(prefix + text) that depends on `text` alone, for each of the three alignments.
std::array<std::string, 3> base64_forms(std::string_view text) {
  std::array<std::string, 3> forms;
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const std::size_t skip = (3 - shift) % 3;  // bytes of the secret that share a group with what stands before it
    if (text.size() < skip + 6) continue;
    const std::size_t whole = (text.size() - skip) / 3 * 3;
    forms[shift] = base64(text.substr(skip, whole));
  }
  return forms;
}

void replace_all(std::string& text, std::string_view what) {
  if (what.size() < shortest_scrubbed) return;
  static constexpr std::string_view instead = "[secret]";
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + instead.size())) text.replace(at, what.size(), instead);
}

}  // namespace

struct Secret::Held {
  explicit Held(std::string_view value) : size(value.size()), room(page_round(value.size())) {
    memory = static_cast<char*>(mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (memory == MAP_FAILED) throw std::bad_alloc();
    madvise(memory, room, MADV_DONTDUMP);
    std::memcpy(memory, value.data(), size);
    view = {memory, size};
    std::lock_guard lock(known().mutex);
    known().values.push_back(&view);
  }
  ~Held() {
    {
      std::lock_guard lock(known().mutex);
      auto& values = known().values;
      values.erase(std::find(values.begin(), values.end(), &view));
    }
    wipe(memory, size);
    munmap(memory, room);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  std::size_t size, room;
  char* memory = nullptr;
  std::string_view view;
};

Secret::Secret(std::string_view value) : held_(value.empty() ? nullptr : std::make_shared<const Held>(value)) {}

std::string_view Secret::reveal() const { return held_ ? held_->view : std::string_view(); }

bool operator==(const Secret& a, const Secret& b) {
  const auto left = a.reveal(), right = b.reveal();
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string scrub(std::string_view text) {
  std::string out(text);
  if (text.size() < shortest_scrubbed) return out;
  std::vector<std::string> values;
  {
    std::lock_guard lock(known().mutex);
    values.reserve(known().values.size());
    for (const auto* value : known().values) {
      if (value->size() >= shortest_scrubbed) values.emplace_back(*value);
    }
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  // Longest first: a secret that begins with another one must not leave its end behind.
  std::stable_sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (auto& value : values) {
    replace_all(out, value);
    if (const auto form = percent_encoded(value); form != value) replace_all(out, form);
    if (const auto form = json_escaped(value); form != value) replace_all(out, form);
    for (const auto& form : base64_forms(value)) replace_all(out, form);
    wipe(value.data(), value.size());
  }
  return out;
}

void wipe(void* memory, std::size_t size) {
  if (size > 0) OPENSSL_cleanse(memory, size);
}

}  // namespace belay
