#include "instances.hpp"

namespace belay::runtime {

plugins::InstanceConfig instance_config(const ProviderSettings& provider) {
  return {.name = provider.name, .base_url = provider.base_url, .options = provider.options, .model = provider.model};
}

Result<std::shared_ptr<const Served>> Instances::get(std::string_view provider) {
  std::lock_guard lock(mutex_);
  if (const auto found = made_.find(provider); found != made_.end()) return found->second;
  return made_.emplace(provider, make(provider)).first->second;
}

Result<std::shared_ptr<const Served>> Instances::make(std::string_view name) {
  const ProviderSettings* settings = settings_.provider(name);
  if (settings == nullptr) return fail("no provider \"" + std::string(name) + "\" is configured");
  auto instance = registry_.make(settings->plugin, instance_config(*settings));
  if (!instance) return instance.error();
  auto served = std::make_shared<Served>();
  served->settings = settings;
  served->instance = std::move(*instance);
  if (auto note = registry_.note_of(settings->plugin)) served->note_origins = std::move(note->origins);
  return std::shared_ptr<const Served>(std::move(served));
}

}  // namespace belay::runtime
