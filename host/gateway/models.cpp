#include "models.hpp"

#include <algorithm>
#include <ctime>
#include <vector>

#include "base/json.hpp"

namespace belay::gateway {
namespace {

struct Named {
  std::string id, owner;
  bool direct = false;   ///< a target, not a route
};

std::vector<Named> all(const runtime::Settings& settings) {
  std::vector<Named> out;
  const auto add = [&out](std::string id, std::string owner, bool direct) {
    if (std::none_of(out.begin(), out.end(), [&](const Named& one) { return one.id == id; })) out.push_back({std::move(id), std::move(owner), direct});
  };
  for (const auto& route : settings.routes) add(route.name, "belay", false);
  if (!settings.providers.empty()) add("auto", "belay", false);
  for (const auto& provider : settings.providers) {
    if (!provider.model.empty()) add(provider.name + "/" + provider.model, provider.name, true);
    for (const auto& [model, facts] : provider.models) add(provider.name + "/" + model, provider.name, true);
    if (provider.model.empty() && provider.models.empty()) add(provider.name, provider.name, true);
  }
  for (const auto& route : settings.routes) {
    for (const auto& entry : route.targets) {
      if (!entry.model.empty()) add(entry.provider + "/" + entry.model, entry.provider, true);
    }
  }
  return out;
}

std::string iso(std::int64_t unix_s) {
  const std::time_t when = unix_s;
  std::tm parts{};
  gmtime_r(&when, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

void text(json::Writer& to, std::string_view name, std::string_view value) {
  json::key(to, name);
  json::str(to, value);
}

void write(json::Writer& to, const Named& model, ModelsShape shape, std::int64_t created) {
  to.StartObject();
  if (shape == ModelsShape::anthropic) {
    text(to, "type", "model");
    text(to, "id", model.id);
    text(to, "display_name", model.id);
    text(to, "created_at", iso(created));
    text(to, "lifecycle", "active");
  } else {
    text(to, "id", model.id);
    text(to, "object", "model");
    json::key(to, "created");
    to.Int64(created);
    text(to, "owned_by", model.owner);
  }
  to.EndObject();
}

bool allowed(const Key* key, const Named& model) { return key == nullptr || key->may_call(model.id, model.direct); }

}  // namespace

std::string models_json(const runtime::Settings& settings, const Key* key, ModelsShape shape, std::int64_t created) {
  std::vector<Named> models = all(settings);
  std::erase_if(models, [key](const Named& model) { return !allowed(key, model); });
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  if (shape == ModelsShape::openai) text(to, "object", "list");
  json::key(to, "data");
  to.StartArray();
  for (const auto& model : models) write(to, model, shape, created);
  to.EndArray();
  if (shape == ModelsShape::anthropic) {
    const auto edge = [&](std::string_view name, const Named* model) {
      json::key(to, name);
      model == nullptr ? static_cast<void>(to.Null()) : json::str(to, model->id);
    };
    json::key(to, "has_more");
    to.Bool(false);
    edge("first_id", models.empty() ? nullptr : &models.front());
    edge("last_id", models.empty() ? nullptr : &models.back());
  }
  to.EndObject();
  return std::string(json::view(buffer));
}

std::optional<std::string> model_json(const runtime::Settings& settings, const Key* key, std::string_view id, ModelsShape shape, std::int64_t created) {
  for (const auto& model : all(settings)) {
    if (model.id != id || !allowed(key, model)) continue;
    json::Buffer buffer;
    json::Writer to(buffer);
    write(to, model, shape, created);
    return std::string(json::view(buffer));
  }
  return std::nullopt;
}

}  // namespace belay::gateway
