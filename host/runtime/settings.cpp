#include "runtime/settings.hpp"

namespace belay::runtime {

const ProviderSettings* Settings::provider(std::string_view name) const {
  for (const auto& provider : providers) {
    if (provider.name == name) return &provider;
  }
  return nullptr;
}

const fallback::RouteSettings* Settings::route(std::string_view name) const {
  for (const auto& route : routes) {
    if (route.name == name) return &route;
  }
  return nullptr;
}

}  // namespace belay::runtime
