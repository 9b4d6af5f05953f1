#include "names.hpp"

#include <array>
#include <limits>

namespace belay::gateway::sight {
namespace {

/// As shown; those of the API are also served without "/v1".
constexpr std::array<std::string_view, 15> known_paths = {"/v1/chat/completions",
                                                          "/v1/responses",
                                                          "/v1/messages",
                                                          "/v1/messages/count_tokens",
                                                          "/v1/embeddings",
                                                          "/v1/models",
                                                          "/v1/models/{id}",
                                                          "/healthz",
                                                          "/readyz",
                                                          "/metrics",
                                                          "/belay/status",
                                                          "/belay/traces",
                                                          "/belay/traces/{id}",
                                                          "/belay/page/{file}",
                                                          "/"};
constexpr std::array<std::string_view, 4> known_wires = {"", "openai.chat/1", "openai.responses/1",
                                                         "anthropic.messages/1"};

void add_model(Names& names, std::string_view provider, std::string_view model) {
  if (model.empty()) return;
  if (const NameId id = names.providers.id(provider); id != 0) names.models[id].add(model);
}

void add_providers(Names& names, const runtime::Settings& settings) {
  for (const auto& provider : settings.providers) {
    names.providers.add(provider.name);
    while (names.models.size() < names.providers.size()) names.models.emplace_back("other");
    add_model(names, provider.name, provider.model);
    for (const auto& model : provider.models) add_model(names, provider.name, model.first);
  }
}

}  // namespace

void NameTable::add(std::string_view word) {
  if (ids_.contains(word) || words_.size() > std::numeric_limits<NameId>::max()) return;
  ids_.emplace(word, static_cast<NameId>(words_.size()));
  words_.emplace_back(word);
}

NameId NameTable::id(std::string_view word) const {
  const auto found = ids_.find(word);
  return found == ids_.end() ? 0 : found->second;
}

std::string_view pattern_of(std::string_view path) {
  constexpr std::string_view version = "/v1";
  for (const std::string_view known : known_paths) {
    const auto brace = known.find('{');
    const auto fixed = known.substr(0, brace);
    const bool bare = known.starts_with(version);
    for (const auto form : {fixed, bare ? fixed.substr(version.size()) : fixed}) {
      if (brace == std::string_view::npos ? path == form : path.size() > form.size() && path.starts_with(form))
        return known;
    }
  }
  return {};
}

std::shared_ptr<const Names> names_of(const runtime::Settings& settings, const Names* before) {
  auto names = before != nullptr ? std::make_shared<Names>(*before) : std::make_shared<Names>();
  if (names->models.empty()) names->models.emplace_back("other");
  for (const auto path : known_paths) names->paths.add(path);
  for (const auto wire : known_wires) names->wires.add(wire);
  names->keys.add("");
  for (const auto& key : settings.gateway.keys) names->keys.add(key.name);
  names->routes.add("auto");
  for (const auto& route : settings.routes) names->routes.add(route.name);
  add_providers(*names, settings);
  for (const auto& route : settings.routes) {
    for (const auto& entry : route.targets) add_model(*names, entry.provider, entry.model);
  }
  return names;
}

}  // namespace belay::gateway::sight
