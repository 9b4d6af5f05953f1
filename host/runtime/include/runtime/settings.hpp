// Everything a belay process is configured with, checked and complete: what host/config makes and Runtime runs on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "credentials/settings.hpp"
#include "fallback/settings.hpp"
#include "http/settings.hpp"
#include "plugins/settings.hpp"

namespace belay::runtime {

/// [provider.NAME], its preset merged in.
struct ProviderSettings {
  std::string name;
  std::string plugin;         ///< provider type
  std::string preset;         ///< its name, or empty
  std::string base_url;       ///< without a trailing slash; empty where the plugin needs none
  std::string model;          ///< default model; may be empty
  std::map<std::string, fallback::ModelFacts> models;
  std::string cost;           ///< free | flat | metered; empty: undeclared
  std::string zone;           ///< empty: undeclared
  std::string options = "{}"; ///< [provider.NAME.options] as JSON, checked against the plugin's schema when it is loaded
  http::EndpointSettings endpoint;
  credentials::PoolSettings pool;
  std::string place;          ///< "belay.toml:12"
};

/// [gateway] keys entry.
struct GatewayKey {
  std::string name;
  std::string sha256;
  std::vector<std::string> routes;
};

struct GatewaySettings {
  std::vector<std::string> listen{"127.0.0.1:7077"};
  std::vector<GatewayKey> keys;
};

struct Settings {
  std::string state;                                   ///< "memory:", "file:DIR", "redis://..."
  std::optional<credentials::Source> state_key;
  plugins::LoaderSettings loader;
  std::vector<ProviderSettings> providers;             ///< as written in the files
  std::vector<fallback::RouteSettings> routes;         ///< as written; never contains "auto"
  std::optional<std::vector<std::string>> auto_providers;
  fallback::HoldSettings holds;
  GatewaySettings gateway;
  std::vector<std::string> files;                      ///< what was read, in order

  [[nodiscard]] const ProviderSettings* provider(std::string_view name) const;
  [[nodiscard]] const fallback::RouteSettings* route(std::string_view name) const;
};

}  // namespace belay::runtime
