#include "base/diagnostic.hpp"

#include <algorithm>

namespace belay {
namespace {

/// Optimal string alignment distance: insert, delete, replace, swap neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string Diagnostic::text() const {
  std::string out = file;
  if (line > 0) out += ":" + std::to_string(line) + ":" + std::to_string(column);
  if (!out.empty()) out += ": ";
  if (!key.empty()) out += key + ": ";
  out += problem;
  if (!remedy.empty()) out.append(" (").append(remedy).append(")");
  return out;
}

std::string suggest(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > 64) return {};
  std::string best;
  std::size_t least = std::max<std::size_t>(word.size() / 3, 1);  // a third of the letters may be wrong, one at least
  for (const auto& candidate : known) {
    if (candidate.size() > 64) continue;
    if (const std::size_t far = distance(word, candidate); far > 0 && (far < least || (far == least && best.empty()))) {
      least = far;
      best = candidate;
    }
  }
  return best;
}

}  // namespace belay
