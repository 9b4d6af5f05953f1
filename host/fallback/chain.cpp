#include "fallback/chain.hpp"

#include <algorithm>

namespace belay::fallback {
namespace {

bool contains(const std::vector<std::string>& words, const std::string& word) { return std::find(words.begin(), words.end(), word) != words.end(); }

std::string word_not_in(std::string_view rule, const std::optional<std::vector<std::string>>& allowed, const std::string& word) {
  if (!allowed || (!word.empty() && contains(*allowed, word))) return {};
  return std::string(rule) + ": " + (word.empty() ? "not declared" : word + " is not allowed");
}

}  // namespace

std::string not_allowed(const RouteSettings& route, const Target& target) {
  if (auto why = word_not_in("allow_cost", route.allow_cost, target.cost); !why.empty()) return why;
  if (auto why = word_not_in("allow_zones", route.allow_zones, target.zone); !why.empty()) return why;
  for (const auto& capability : route.requires_) {
    const auto declared = target.facts.capabilities.find(capability);
    if (declared != target.facts.capabilities.end() && !declared->second) return "requires: " + capability;
  }
  if (target.facts.context && *target.facts.context < route.min_context) {
    return "min_context: " + std::to_string(*target.facts.context) + " is below " + std::to_string(route.min_context);
  }
  return {};
}

}  // namespace belay::fallback
