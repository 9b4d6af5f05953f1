#include "secret_index.hpp"

#include <algorithm>
#include <cstring>

#include "secret_forms.hpp"

namespace belay {
namespace {

constexpr std::size_t key_bytes = 6;
static_assert(key_bytes <= shortest_scrubbed);

std::uint64_t key_of(std::string_view text) {
  std::uint64_t key = 0;
  std::memcpy(&key, text.data(), key_bytes);
  return key;
}

/// 15 bits of the first four bytes.
std::size_t slot_of(const char* text) {
  std::uint32_t word = 0;
  std::memcpy(&word, text, sizeof word);
  return word * 0x9e3779b1U >> 17;
}

}  // namespace

void SecretIndex::add(std::string_view form) {
  if (starts_.empty()) starts_.resize(slots);
  ++starts_[slot_of(form.data())];
  forms_.emplace(key_of(form), form);
}

void SecretIndex::remove(std::string_view form) {
  const auto [first, last] = forms_.equal_range(key_of(form));
  const auto found = std::find_if(first, last, [&](const auto& known) { return known.second.data() == form.data(); });
  if (found == last) return;
  --starts_[slot_of(form.data())];
  forms_.erase(found);
}

std::vector<SecretIndex::Range> SecretIndex::find(std::string_view text) const {
  std::vector<Range> found;
  if (forms_.empty()) return found;
  for (std::size_t at = 0; at + key_bytes <= text.size(); ++at) {
    if (starts_[slot_of(text.data() + at)] == 0) continue;
    const std::size_t size = longest_at(text.substr(at));
    if (size == 0) continue;
    if (!found.empty() && at <= found.back().end) {
      found.back().end = std::max(found.back().end, at + size);
    } else {
      found.push_back({at, at + size});
    }
  }
  return found;
}

std::size_t SecretIndex::longest_at(std::string_view text) const {
  std::size_t size = 0;
  const auto [first, last] = forms_.equal_range(key_of(text));
  for (auto form = first; form != last; ++form) {
    if (form->second.size() > size && text.starts_with(form->second)) size = form->second.size();
  }
  return size;
}

}  // namespace belay
