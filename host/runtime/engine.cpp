#include "engine.hpp"

#include "base/hash.hpp"
#include "base/json.hpp"

namespace belay::runtime {
namespace {

std::string note_key(std::string_view provider, std::string_view key) { return "note/" + std::string(provider) + "/" + std::string(key); }

}  // namespace

// A record is one JSON value, a note any bytes: it is kept as base64 text.
Result<std::optional<std::string>> Notes::note(std::string_view provider, std::string_view key) {
  auto record = state_.get(note_key(provider, key));
  if (!record) return record.error();
  if (!*record) return std::optional<std::string>();
  const auto document = json::parse(**record);
  if (document && document->IsString()) {
    if (auto bytes = base64_decode(json::view(*document))) return std::optional(std::move(*bytes));
  }
  return fail("the note " + std::string(key) + " of provider " + std::string(provider) + " is damaged");
}

Result<void> Notes::put_note(std::string_view provider, std::string_view key, std::string_view value) {
  if (value.empty()) return state_.erase(note_key(provider, key));
  return state_.put(note_key(provider, key), "\"" + base64(value) + "\"", Durable::no);
}

std::vector<std::string> Pools::ids(const std::string& provider) {
  std::vector<std::string> out;
  if (const auto* settings = settings_.provider(provider)) {
    for (const auto& credential : settings->pool.credentials) out.push_back(credential.id);
  }
  return out;
}

Millis Engine::hook_limit(const std::string& provider) const {
  Millis longest{0};
  for (const auto& route : settings.routes) {
    for (const auto& entry : route.targets) {
      if (entry.provider == provider) longest = std::max(longest, route.attempt_timeout);
    }
  }
  return longest.count() > 0 ? longest : fallback::RouteSettings{}.attempt_timeout;
}

}  // namespace belay::runtime
