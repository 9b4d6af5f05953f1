// Readers: one per table of DESIGN 7. Each reads its table out of the root into its part of Settings and reports what
// is wrong; none stops at the first problem, and a setting that is wrong keeps its default so that the rest can still
// be checked.
#pragma once

#include <string>

#include "config/load.hpp"
#include "preset.hpp"
#include "section.hpp"

namespace belay::config {

/// What readers need besides their table.
struct Context {
  const Environment& environment;
  Reading& reading;
  Presets& presets;
  bool whole = true;  ///< false: a file is missing from the tree, so a name that is not found may stand there
};

void read_host(Section& root, const Context& context, runtime::Settings& settings);
void read_plugins(Section& root, plugins::LoaderSettings& loader);
void read_providers(Section& root, const Context& context, runtime::Settings& settings);
void read_credentials(Section& provider, const Context& context, credentials::PoolSettings& pool);
void read_endpoint(Section& provider, const Context& context, http::EndpointSettings& endpoint);
/// After the providers: targets name them.
void read_routes(Section& root, const Context& context, runtime::Settings& settings);
void read_targets(Section& route, const Context& context, const runtime::Settings& settings,
                  fallback::RouteSettings& to);
void read_auto(Section& root, const Context& context, runtime::Settings& settings);
void read_holds(Section& root, fallback::HoldSettings& holds);
/// After the routes: keys name them.
void read_gateway(Section& root, const Context& context, runtime::Settings& settings);

/// A source as credentials and state_key spell it, its path resolved; nullopt when absent or (reported) wrong. Never
/// quotes the value.
std::optional<credentials::Source> read_source(Section& section, std::string_view key, const Context& context);

/// Everything. Cross-checks included.
runtime::Settings read_settings(const Node& root, const Environment& environment, bool whole, Reading& reading);

}  // namespace belay::config
