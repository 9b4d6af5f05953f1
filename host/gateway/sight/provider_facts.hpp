// What spans say about a provider beside its name.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "runtime/settings.hpp"

namespace belay::gateway::sight {

struct ProviderFacts {
  std::string flavour;  ///< gen_ai.provider.name: which API it speaks, in the conventions' words where they have one
  std::string address;  ///< server.address; empty: it has no base URL
  std::uint16_t port = 0;
};

/// By configured name. Immutable.
using Providers = std::map<std::string, ProviderFacts, std::less<>>;

std::shared_ptr<const Providers> providers_of(const runtime::Settings& settings);

}  // namespace belay::gateway::sight
