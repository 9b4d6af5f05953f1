// Instances: the plugin instance of each configured provider, made when it is first needed.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugins/registry.hpp"
#include "runtime/settings.hpp"

namespace belay::runtime {

/// A provider that can be called.
struct Served {
  const ProviderSettings* settings = nullptr;
  std::unique_ptr<plugins::Instance> instance;
  std::vector<std::string> note_origins;   ///< patterns of the plugin's note: where its secrets may go beside their own origins
};

/// What a plugin's create() is told of a provider.
plugins::InstanceConfig instance_config(const ProviderSettings& provider);

/// Thread-safe.
class Instances {
 public:
  Instances(plugins::Registry& registry, const Settings& settings) : registry_(registry), settings_(settings) {}

  /// The error is a sentence for people; it is the same each time until the configuration changes.
  Result<std::shared_ptr<const Served>> get(std::string_view provider);

 private:
  Result<std::shared_ptr<const Served>> make(std::string_view provider);

  plugins::Registry& registry_;
  const Settings& settings_;
  std::mutex mutex_;
  std::map<std::string, Result<std::shared_ptr<const Served>>, std::less<>> made_;  // guarded by mutex_
};

}  // namespace belay::runtime
