#include "engine.hpp"

#include "base/hash.hpp"
#include "base/json.hpp"

namespace belay::runtime {
namespace {

constexpr Millis ahead_pause{30'000};

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

bool Ahead::begin(const std::string& who, std::uint64_t generation, MonoTime now) {
  std::lock_guard lock(mutex_);
  Last& last = last_[who];
  if (last.running) return false;
  if (last.generation == generation && (last.hopeless || now < last.not_before)) return false;
  last = {.generation = generation, .running = true, .hopeless = false, .not_before = {}};
  return true;
}

void Ahead::ended(const std::string& who, const credentials::RefreshResult& result, MonoTime now) {
  using credentials::RefreshOutcome;
  std::lock_guard lock(mutex_);
  Last& last = last_[who];
  last.running = false;
  last.hopeless = result.outcome == RefreshOutcome::failed_permanent || result.outcome == RefreshOutcome::needs_interaction ||
                  result.outcome == RefreshOutcome::not_applicable;
  last.not_before = now + std::max(ahead_pause, result.retry_after.value_or(Millis(0)));
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
