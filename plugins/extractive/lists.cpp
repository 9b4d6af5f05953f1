#include "lists.hpp"

#include <algorithm>
#include <unordered_map>

#include "text.hpp"

namespace belay::extractive {

namespace {

/// Below this a path, name or identifier is only something that a tool printed, and a number is one of many.
constexpr float worth_listing = .2f;
constexpr float number_worth_listing = .42f;
constexpr std::size_t longest = 120;
/// Words told before a number.
constexpr int words_before = 3;

bool belongs(const Fact& fact, List list) {
  if (fact.covered || fact.text.size() > longest) return false;
  switch (list) {
    case List::paths:
      return fact.kind == FactKind::path && fact.worth > worth_listing;
    case List::names:
      return fact.kind == FactKind::name && fact.worth > worth_listing;
    case List::figures:
      return fact.kind == FactKind::number ? fact.worth > number_worth_listing
                                           : fact.kind == FactKind::identifier && fact.worth > worth_listing;
  }
  return false;
}

bool starts_well(std::string_view text) {
  return !text.empty() && (is_alnum(text[0]) || is_wide(text[0]) || text[0] == '$' || text[0] == '-' ||
                           text[0] == '<' || text[0] == '>');
}

/// A number says nothing without the words before it, of the same sentence.
std::string_view in_context(const Fact& fact) {
  if (fact.kind != FactKind::number) return fact.text;
  const char* begin = fact.text.data();
  const char* at = begin;
  for (int words = 0; at > fact.within.data() && words < words_before; ++words) {
    --at;
    while (at > fact.within.data() && is_space(*at)) --at;
    if (std::string_view(".:;!?|").find(*at) != std::string_view::npos) break;
    while (at > fact.within.data() && !is_space(at[-1])) --at;
    if (starts_well({at, static_cast<std::size_t>(begin - at)})) begin = at;
  }
  return {begin, static_cast<std::size_t>(fact.text.data() + fact.text.size() - begin)};
}

std::string_view last_part(std::string_view path) {
  const std::size_t slash = path.rfind('/', path.size() - 2);
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// "queue.go" and "services/x/queue.go" are one file as far as we know.
bool same_place(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  return a.ends_with(b) && (a.size() == b.size() || a[a.size() - b.size() - 1] == '/');
}

/// Paths that the extract names already, by their last parts.
class Places {
 public:
  explicit Places(const Facts& facts) {
    for (std::uint32_t id = 0; id < facts.size(); ++id) {
      if (facts[id].kind == FactKind::path && facts[id].covered) add(facts[id].text);
    }
  }
  /// False when it was there.
  bool add(std::string_view path) {
    auto& known = by_last_part_[hash(last_part(path))];
    if (std::any_of(known.begin(), known.end(), [&](auto other) { return same_place(path, other); })) return false;
    known.push_back(path);
    return true;
  }

 private:
  std::unordered_map<std::uint64_t, std::vector<std::string_view>> by_last_part_;
};

}  // namespace

std::vector<std::string_view> take_list(Facts& facts, List list, std::size_t bytes) {
  std::vector<std::uint32_t> ids;
  for (std::uint32_t id = 0; id < facts.size(); ++id) {
    if (belongs(facts[id], list)) ids.push_back(id);
  }
  std::stable_sort(ids.begin(), ids.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return facts[a].worth > facts[b].worth; });
  Places places(facts);
  std::vector<std::uint32_t> kept;
  for (const std::uint32_t id : ids) {
    const std::size_t cost = in_context(facts[id]).size() + list_separator.size();
    if (cost > bytes) break;
    facts[id].covered = true;
    if (list == List::paths && !places.add(facts[id].text)) continue;
    bytes -= cost;
    kept.push_back(id);
  }
  std::sort(kept.begin(), kept.end());
  std::vector<std::string_view> out;
  for (const std::uint32_t id : kept) out.push_back(in_context(facts[id]));
  return out;
}

}  // namespace belay::extractive
