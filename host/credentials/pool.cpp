#include "pool.hpp"

#include <algorithm>
#include <set>

namespace belay::credentials {
namespace {

std::string use_counter(const std::string& provider, const std::string& id) { return "used/" + provider + "#" + id; }

void shuffle(std::vector<std::string>& ids, Random& random) {
  for (std::size_t left = ids.size(); left > 1; --left) {
    const auto pick = std::min(left - 1, static_cast<std::size_t>(random.uniform() * static_cast<double>(left)));
    std::swap(ids[left - 1], ids[pick]);
  }
}

/// Counted when a request is made with it, not when it is planned.
void least_used_first(const std::string& provider, std::vector<std::string>& ids, state::State& state) {
  std::vector<std::pair<std::uint64_t, std::string>> used;
  for (std::string& id : ids) used.emplace_back(state.count(use_counter(provider, id), 0), std::move(id));
  std::stable_sort(used.begin(), used.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = std::move(used[i].second);
}

}  // namespace

void note_use(const std::string& provider, const std::string& id, state::State& state) {
  state.count(use_counter(provider, id), 1);
}

std::vector<std::string> take_turn(const std::string& provider, Strategy strategy,
                                   const std::vector<PoolEntry>& entries, state::State& state, Random& random) {
  std::vector<std::string> ids, unavailable;
  std::set<std::string> known;
  for (const PoolEntry& entry : entries) {
    if (!entry.available)
      unavailable.push_back(entry.id);
    else if (entry.identity.empty() || known.insert(entry.identity).second)
      ids.push_back(entry.id);
  }
  if (ids.size() > 1) {
    switch (strategy) {
      case Strategy::fill_first:
        break;
      case Strategy::round_robin:
        std::rotate(ids.begin(),
                    ids.begin() + static_cast<std::ptrdiff_t>(state.count("pool/" + provider, 1) % ids.size()),
                    ids.end());
        break;
      case Strategy::least_used:
        least_used_first(provider, ids, state);
        break;
      case Strategy::random:
        shuffle(ids, random);
        break;
    }
  }
  ids.insert(ids.end(), unavailable.begin(), unavailable.end());
  return ids;
}

}  // namespace belay::credentials
