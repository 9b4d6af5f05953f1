// Planner: from a route or a target to the chain that a call walks.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "credentials/store.hpp"
#include "fallback/chain.hpp"
#include "gate.hpp"
#include "plugins/registry.hpp"
#include "runtime/settings.hpp"

namespace belay::runtime {

using ChainPtr = std::shared_ptr<const fallback::Chain>;

struct Plan {
  ChainPtr chain;
  Gate* gate = nullptr;   ///< null: no limit
};

/// Thread-safe. Chains are built once and shared.
class Planner {
 public:
  Planner(const Settings& settings, plugins::Registry& registry, credentials::Store& store);

  /// `route`, else `target`, else what `model` names: a route, `auto`, a provider, "provider/model"; nothing named: the route `default`, else `auto`.
  /// The error lists what there is.
  Result<Plan> plan(const std::optional<std::string>& route, const std::optional<std::string>& target, std::string_view model);

 private:
  Result<Plan> of_route(const std::string& name);
  Result<Plan> of_target(const std::string& name);
  ChainPtr automatic();
  ChainPtr built(const std::string& key, const fallback::RouteSettings& route, bool direct);
  fallback::Target target(const std::string& provider, const std::string& model);
  [[nodiscard]] bool has_credential(const std::string& provider);
  [[nodiscard]] std::string unknown(std::string_view what, std::string_view word) const;

  const Settings& settings_;
  plugins::Registry& registry_;
  credentials::Store& store_;
  fallback::RouteSettings auto_route_;
  std::map<std::string, std::unique_ptr<Gate>, std::less<>> gates_;   // const after construction
  std::mutex mutex_;
  std::map<std::string, ChainPtr, std::less<>> chains_;               // guarded by mutex_
};

}  // namespace belay::runtime
