// The checked proxies over one provider table. State rules: a call out of turn is the host's mistake and reaches no
// plugin.
#pragma once

#include <memory>
#include <string>

#include "context.hpp"
#include "module.hpp"
#include "plugins/provider.hpp"
#include "plugins/trial.hpp"
#include "request_writer.hpp"

namespace belay::plugins {

/// The plugin's instance. Exchanges share it, so that destroy() comes after the last end().
class LiveInstance {
 public:
  static Result<std::shared_ptr<LiveInstance>> create(std::shared_ptr<Module> module, const Provider& provider,
                                                      const InstanceConfig& config, Services& services);
  ~LiveInstance();
  LiveInstance(const LiveInstance&) = delete;
  LiveInstance& operator=(const LiveInstance&) = delete;

  // Constant after create().
  const std::shared_ptr<Module> module;
  const Provider& provider;  ///< of the module
  const std::string name;    ///< [provider.NAME]
  Services& services;
  const AllowedOrigins origins;
  belay_instance* handle = nullptr;

  [[nodiscard]] const belay_provider_api& api() const { return *provider.api; }
  [[nodiscard]] FaultLatch& latch() const { return module->latch(); }
  [[nodiscard]] Context context() const { return {module->who(), name, &services, nullptr, {}}; }

 private:
  LiveInstance(std::shared_ptr<Module> module, const Provider& provider, std::string name, Services& services,
               AllowedOrigins origins);

  ContextHandle context_;
};

Answer begin_exchange(const std::shared_ptr<LiveInstance>& instance, const belay_request& request,
                      const belay_credential* credential, std::unique_ptr<Exchange>& out);

Answer refresh_hook(LiveInstance& instance, belay_refresh_in in, belay_refresh_out& out,
                    std::vector<EmittedField>& fields, RefreshServices& services);
Answer login_hook(LiveInstance& instance, belay_refresh_in in, const Prompt& prompt, belay_refresh_out& out,
                  std::vector<EmittedField>& fields, RefreshServices& services);

std::unique_ptr<Instance> checked_instance(std::shared_ptr<LiveInstance> instance);

/// Checks the options against the provider's JSON Schema, then makes an instance. The error names the option or the
/// provider.
Result<std::unique_ptr<Instance>> make_instance(std::shared_ptr<Module> module, const Provider& provider,
                                                const InstanceConfig& config, Services& services);

}  // namespace belay::plugins
