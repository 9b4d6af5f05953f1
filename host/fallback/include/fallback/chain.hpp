// Chain: the ordered targets that one call may walk, with what is known of each and what the route's owner allows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fallback/settings.hpp"

namespace belay::fallback {

struct Target {
  std::string provider, model;
  std::string plugin;                ///< provider type
  std::uint64_t build = 0;           ///< of the plugin that serves it: another number for other bytes; 0: unknown
  std::string origin;                ///< of its base URL; empty: it has none
  ModelFacts facts;
  std::string cost, zone;            ///< empty: undeclared
  std::optional<ReasonSet> on;       ///< opens for these only
  std::string unavailable;           ///< why its plugin cannot be used; empty: it can

  [[nodiscard]] std::string name() const { return model.empty() ? provider : provider + "/" + model; }
  /// What ends a hold of that scope when it is another one than when the hold was placed.
  [[nodiscard]] std::uint64_t generation(Scope scope) const { return scope == Scope::plugin ? build : 0; }
};

struct Chain {
  RouteSettings route;               ///< limits and policy
  std::vector<Target> targets;
  bool direct = false;               ///< a target was named: never left
};

/// Why the route's owner does not allow `target` ("allow_cost: ..."), or empty. Undeclared context and capabilities pass, undeclared cost and zone don't.
std::string not_allowed(const RouteSettings& route, const Target& target);

}  // namespace belay::fallback
