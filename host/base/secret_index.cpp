#include "secret_index.hpp"

#include <algorithm>
#include <cstring>

#include "secret_forms.hpp"

namespace belay {
namespace {

constexpr std::size_t key_bytes = 6, word_bytes = 4;
static_assert(key_bytes <= shortest_scrubbed);
constexpr std::size_t longest_stride = 8;

std::uint64_t key_of(std::string_view text) {
  std::uint64_t key = 0;
  std::memcpy(&key, text.data(), key_bytes);
  return key;
}

/// 16 bits of a word.
std::size_t slot_of(const char* text) {
  std::uint32_t word = 0;
  std::memcpy(&word, text, sizeof word);
  return word * 0x9e3779b1U >> 16;
}

}  // namespace

void SecretIndex::count(std::string_view form, int change) {
  for (std::size_t i = 0; i < stride_; ++i) {
    const std::size_t slot = slot_of(form.data() + i);
    const std::uint64_t bit = std::uint64_t{1} << slot % 64;
    words_[slot] += static_cast<std::uint32_t>(change);
    any_[slot / 64] = words_[slot] > 0 ? any_[slot / 64] | bit : any_[slot / 64] & ~bit;
  }
}

/// Of a text only every `stride_`th place is looked at: one of the first `stride_` words of a form lies there, wherever the form begins.
void SecretIndex::stride(std::size_t stride) {
  stride_ = stride;
  words_.assign(slots, 0);
  any_.assign(slots / 64, 0);
  for (const auto& [key, form] : forms_) count(form, +1);
}

void SecretIndex::add(std::string_view form) {
  if (const auto possible = std::min(longest_stride, form.size() - word_bytes + 1); words_.empty() || possible < stride_) stride(possible);
  count(form, +1);
  forms_.emplace(key_of(form), form);
}

void SecretIndex::remove(std::string_view form) {
  const auto [first, last] = forms_.equal_range(key_of(form));
  const auto found = std::find_if(first, last, [&](const auto& known) { return known.second.data() == form.data(); });
  if (found == last) return;
  count(form, -1);
  forms_.erase(found);
}

std::vector<SecretIndex::Range> SecretIndex::find(std::string_view text) const {
  std::vector<Range> found;
  if (forms_.empty()) return found;
  const auto look_at = [&](std::size_t at) {
    const std::size_t size = longest_at(text.substr(at));
    if (size == 0) return;
    if (!found.empty() && at <= found.back().end) {
      found.back().end = std::max(found.back().end, at + size);
    } else {
      found.push_back({at, at + size});
    }
  };
  const std::uint64_t* const any = any_.data();
  const std::size_t stride = stride_;
  for (std::size_t at = stride - 1; at + word_bytes <= text.size(); at += stride) {
    const std::size_t slot = slot_of(text.data() + at);
    if ((any[slot / 64] >> slot % 64 & 1) == 0) continue;
    for (std::size_t start = at - (stride - 1); start <= at; ++start) look_at(start);
  }
  return found;
}

std::size_t SecretIndex::longest_at(std::string_view text) const {
  std::size_t size = 0;
  if (text.size() < key_bytes) return size;
  const auto [first, last] = forms_.equal_range(key_of(text));
  for (auto form = first; form != last; ++form) {
    if (form->second.size() > size && text.starts_with(form->second)) size = form->second.size();
  }
  return size;
}

}  // namespace belay
