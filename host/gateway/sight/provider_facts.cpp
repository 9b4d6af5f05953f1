#include "provider_facts.hpp"

#include <array>
#include <utility>

#include "base/origin.hpp"

namespace belay::gateway::sight {
namespace {

/// Provider types whose well-known name in the conventions is another one.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> well_known = {{
    {"gemini", "gcp.gemini"},
    {"vertex", "gcp.vertex_ai"},
    {"bedrock", "aws.bedrock"},
    {"azure", "azure.ai.openai"},
    {"mistral", "mistral_ai"},
    {"xai", "x_ai"},
}};

std::string flavour_of(std::string_view plugin) {
  for (const auto& [type, word] : well_known) {
    if (plugin == type) return std::string(word);
  }
  return std::string(plugin);
}

}  // namespace

std::shared_ptr<const Providers> providers_of(const runtime::Settings& settings) {
  auto out = std::make_shared<Providers>();
  for (const auto& provider : settings.providers) {
    ProviderFacts facts{flavour_of(provider.plugin), {}, 0};
    if (const auto origin = origin_of(provider.base_url)) {
      facts.address = origin->host;
      if (facts.address.starts_with('[')) facts.address = facts.address.substr(1, facts.address.size() - 2);
      facts.port = origin->port;
    }
    out->emplace(provider.name, std::move(facts));
  }
  return out;
}

}  // namespace belay::gateway::sight
