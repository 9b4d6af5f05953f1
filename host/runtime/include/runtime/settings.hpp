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
  std::string sha256;               ///< of the key, 64 lower-case hexadecimal digits
  std::vector<std::string> routes;  ///< the only ones it may call; empty: all, and targets by name
  bool sight = false;               ///< may read metrics, status and the traces of everyone
  std::optional<std::int64_t> requests_per_minute, tokens_per_minute, max_concurrency;
};

/// [gateway] budgets entry: what one route may cost in a span of time.
struct GatewayBudget {
  std::string route;
  std::optional<std::int64_t> requests, tokens;
  Millis per{0};
};

struct GatewaySettings {
  std::vector<std::string> listen{"127.0.0.1:7077"};
  std::vector<GatewayKey> keys;
  std::vector<GatewayBudget> budgets;
  int workers = 0;                      ///< 0: one per processor
  std::string certificate, certificate_key;  ///< PEM files; empty: plain HTTP
  std::vector<std::string> hosts, origins;   ///< beside loopback ones
  std::int64_t max_body_bytes = 64 << 20;
  std::int64_t max_connections = 20'000;     ///< of one worker
  Millis idle_timeout{75'000};          ///< between two requests of a connection
  Millis keep_alive_interval{15'000};   ///< a comment to the caller of a stream that is silent; 0: none
  Millis drain_timeout{60'000};         ///< what SIGTERM gives to calls in flight
  bool watch = true;                    ///< reload when a configuration file changes
  std::string access_log = "off";       ///< off | stderr | stdout | a file's path
  std::string otlp_endpoint;            ///< "http://127.0.0.1:4318"; empty: no spans are sent
  std::vector<std::pair<std::string, std::string>> otlp_headers;
  std::string service_name = "belay";
  std::int64_t traces = 1000;           ///< kept in memory, of the whole process
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
