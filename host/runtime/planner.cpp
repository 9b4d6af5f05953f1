#include "planner.hpp"

#include <algorithm>

#include "base/diagnostic.hpp"

namespace belay::runtime {
namespace {

constexpr std::size_t most_chains = 1024;   // directly named models come from outside

std::map<std::string, bool> capabilities_of(std::uint32_t caps) {
  return {{"tools", (caps & BELAY_CAP_TOOLS) != 0},
          {"vision", (caps & BELAY_CAP_VISION) != 0},
          {"json_schema", (caps & BELAY_CAP_JSON_SCHEMA) != 0},
          {"reasoning", (caps & BELAY_CAP_REASONING) != 0},
          {"embeddings", (caps & BELAY_CAP_EMBEDDINGS) != 0}};
}

/// What is configured, and below it what the plugin knows of its own models.
fallback::ModelFacts facts_of(const ProviderSettings& provider, const std::string& model, const plugins::Descriptor* descriptor) {
  fallback::ModelFacts facts;
  if (descriptor != nullptr) {
    for (const auto& known : descriptor->models) {
      if (known.id != model) continue;
      facts.context = known.context;
      facts.capabilities = capabilities_of(known.caps);
    }
  }
  if (const auto declared = provider.models.find(model); declared != provider.models.end()) {
    if (declared->second.context) facts.context = declared->second.context;
    for (const auto& [name, has] : declared->second.capabilities) facts.capabilities[name] = has;
  }
  return facts;
}

std::pair<std::string, std::string> split(const std::string& name) {
  const auto slash = name.find('/');
  return {name.substr(0, slash), slash == std::string::npos ? std::string() : name.substr(slash + 1)};
}

}  // namespace

Planner::Planner(const Settings& settings, plugins::Registry& registry, credentials::Store& store)
    : settings_(settings), registry_(registry), store_(store) {
  auto_route_.name = "auto";
  if (settings.auto_providers) {
    for (const auto& name : *settings.auto_providers) auto_route_.targets.push_back({.provider = name, .model = {}, .on = {}, .place = {}});
  } else {
    for (const auto& provider : settings.providers) auto_route_.targets.push_back({.provider = provider.name, .model = {}, .on = {}, .place = {}});
  }
  for (const auto& route : settings.routes) {
    if (route.max_concurrency > 0) gates_.emplace(route.name, std::make_unique<Gate>(static_cast<std::size_t>(route.max_concurrency)));
  }
}

Result<Plan> Planner::plan(const std::optional<std::string>& route, const std::optional<std::string>& target, std::string_view model) {
  if (target) return of_target(*target);
  if (!route && model.empty()) return of_route(settings_.route("default") != nullptr ? "default" : "auto");
  const std::string name = route ? *route : std::string(model);
  if (name == "auto" || settings_.route(name) != nullptr) return of_route(name);
  if (route) return fail(unknown("route", name));
  if (settings_.provider(split(name).first) != nullptr) return of_target(name);
  return fail(unknown("model", name));
}

Result<Plan> Planner::of_route(const std::string& name) {
  if (name == "auto") return Plan{automatic(), nullptr};
  const auto gate = gates_.find(name);
  return Plan{built("route " + name, *settings_.route(name), false), gate == gates_.end() ? nullptr : gate->second.get()};
}

Result<Plan> Planner::of_target(const std::string& name) {
  const auto [provider, model] = split(name);
  if (settings_.provider(provider) == nullptr) return fail(unknown("provider", provider));
  fallback::RouteSettings alone;
  alone.name = name;
  alone.targets.push_back({.provider = provider, .model = model, .on = {}, .place = {}});
  return Plan{built("target " + name, alone, true), nullptr};
}

ChainPtr Planner::built(const std::string& key, const fallback::RouteSettings& route, bool direct) {
  {
    std::lock_guard lock(mutex_);
    if (const auto found = chains_.find(key); found != chains_.end()) return found->second;
  }
  auto chain = std::make_shared<fallback::Chain>();
  chain->route = route;
  chain->direct = direct;
  for (const auto& entry : route.targets) {
    chain->targets.push_back(target(entry.provider, entry.model));
    chain->targets.back().on = entry.on;
  }
  std::lock_guard lock(mutex_);
  if (chains_.size() >= most_chains) chains_.clear();
  return chains_.insert_or_assign(key, std::move(chain)).first->second;
}

/// The built-in route: providers without credentials are left out, as if they were not listed.
ChainPtr Planner::automatic() {
  ChainPtr all = built("route auto", auto_route_, false);
  const auto without = [this](const fallback::Target& target) { return !has_credential(target.provider); };
  if (std::none_of(all->targets.begin(), all->targets.end(), without)) return all;
  auto chain = std::make_shared<fallback::Chain>(*all);
  std::erase_if(chain->targets, without);
  return chain->targets.empty() ? all : ChainPtr(std::move(chain));  // nobody has any: say so for each
}

bool Planner::has_credential(const std::string& provider) {
  const auto* settings = settings_.provider(provider);
  if (settings == nullptr || settings->pool.credentials.empty()) return true;
  return std::any_of(settings->pool.credentials.begin(), settings->pool.credentials.end(), [&](const auto& credential) {
    return store_.lookup(provider, credential.id, credentials::Read::cached).availability != credentials::Availability::missing;
  });
}

fallback::Target Planner::target(const std::string& provider, const std::string& model) {
  const ProviderSettings& settings = *settings_.provider(provider);
  fallback::Target out;
  out.provider = provider;
  out.plugin = settings.plugin;
  out.origin = settings.pool.origin;
  out.cost = settings.cost;
  out.zone = settings.zone;
  const auto descriptor = registry_.descriptor(settings.plugin);
  if (!descriptor) out.unavailable = descriptor.error().message;
  out.build = registry_.build_of(settings.plugin);
  out.model = !model.empty() ? model : settings.model;
  if (out.model.empty() && descriptor && !(*descriptor)->models.empty()) out.model = (*descriptor)->models.front().id;
  out.facts = facts_of(settings, out.model, descriptor ? *descriptor : nullptr);
  return out;
}

std::string Planner::unknown(std::string_view what, std::string_view word) const {
  std::vector<std::string> known;
  if (what != "provider") {
    for (const auto& route : settings_.routes) known.push_back(route.name);
    known.emplace_back("auto");
  }
  if (what != "route") {
    for (const auto& provider : settings_.providers) known.push_back(provider.name);
  }
  std::string out = "unknown " + std::string(what) + " \"" + std::string(word) + "\"";
  if (const std::string meant = suggest(word, known); !meant.empty()) return out + " (did you mean \"" + meant + "\"?)";
  std::string list;
  for (const auto& name : known) list += (list.empty() ? "" : ", ") + name;
  return out + " (configured: " + (list.empty() ? "nothing" : list) + ")";
}

}  // namespace belay::runtime
