#include "call_choice.hpp"

#include <vector>

#include "base/diagnostic.hpp"
#include "base/utf8.hpp"
#include "lists.hpp"

namespace belay::cli {
namespace {

std::vector<std::string> route_names(const runtime::Settings& settings) {
  std::vector<std::string> names;
  for (const auto& route : settings.routes) names.push_back(route.name);
  names.emplace_back("auto");
  return names;
}

std::vector<std::string> provider_names(const runtime::Settings& settings) {
  std::vector<std::string> names;
  for (const auto& provider : settings.providers) names.push_back(provider.name);
  return names;
}

Error unknown(const std::string& what, const std::string& word, const std::vector<std::string>& known) {
  const std::string meant = suggest(word, known);
  return fail("unknown " + what + " \"" + printable(word) + "\" (" +
              (meant.empty() ? "configured: " + joined(known) : "did you mean " + meant + "?") + ")");
}

bool is_route(const runtime::Settings& settings, const std::string& name) {
  return name == "auto" || settings.route(name) != nullptr;
}

bool is_target(const runtime::Settings& settings, const std::string& name) {
  return settings.provider(std::string_view(name).substr(0, name.find('/'))) != nullptr;
}

}  // namespace

Result<Choice> choose(const runtime::Settings& settings, const Wish& wish) {
  if (settings.providers.empty()) {
    return fail(
        "no provider is configured: describe one in $XDG_CONFIG_HOME/belay/belay.toml or give --config FILE, then try "
        "`belay check`");
  }
  if (wish.route && wish.target) return fail("--route and --target exclude each other: a target is a chain of one");
  if (wish.route) {
    if (!is_route(settings, *wish.route)) return unknown("route", *wish.route, route_names(settings));
    return Choice{wish.route, std::nullopt};
  }
  if (wish.target) {
    if (!is_target(settings, *wish.target)) {
      return unknown("provider", wish.target->substr(0, wish.target->find('/')), provider_names(settings));
    }
    return Choice{std::nullopt, wish.target};
  }
  if (wish.model) {
    if (is_route(settings, *wish.model) || is_target(settings, *wish.model)) return Choice{};
    auto known = route_names(settings);
    for (auto& name : provider_names(settings)) known.push_back(std::move(name));
    const Error error = unknown("model", *wish.model, known);
    return fail(error.message + "; a request's model names a route or a target here, --route and --target replace it");
  }
  return Choice{settings.route("default") != nullptr ? "default" : "auto", std::nullopt};
}

}  // namespace belay::cli
