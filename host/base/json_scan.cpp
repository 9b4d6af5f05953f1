#include "json_scan_body.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

namespace belay::json::scan {

bool grow(Names& names) {
  const std::size_t room = names.room * 2;
  auto* more = static_cast<Name*>(std::realloc(names.at, room * sizeof(Name)));
  if (more == nullptr) return false;
  names.at = more;
  names.room = room;
  return true;
}

const Name* twice(const Name* names, std::size_t count) {
  const auto view = [](const Name* name) { return std::string_view(name->text, name->size); };
  std::vector<const Name*> sorted(count);
  for (std::size_t i = 0; i < count; ++i) sorted[i] = names + i;
  std::sort(sorted.begin(), sorted.end(),
            [&](const Name* a, const Name* b) { return std::pair(view(a), a) < std::pair(view(b), b); });
  const auto found = std::adjacent_find(sorted.begin(), sorted.end(),
                                        [&](const Name* a, const Name* b) { return view(a) == view(b); });
  return found == sorted.end() ? nullptr : found[1];
}

void index_plain(Pass& pass) { index_here(pass); }
void build_plain(Pass& pass, const Events& events) { build_here(pass, events); }

}  // namespace belay::json::scan
