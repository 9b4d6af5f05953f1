#include "fallback/holds.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "fallback/policy.hpp"

namespace belay::fallback {
namespace {

constexpr std::size_t longest_key = 120;

/// Long names are hashed, so that a key fits every backend.
std::string bounded(std::string key) {
  if (key.size() <= longest_key) return key;
  return key.substr(0, 40) + "-" + to_hex(sha256(key)).substr(0, 32);
}

std::string record(const Hold& hold) {
  json::Buffer buffer;
  json::Writer to(buffer);
  const auto text = [&to](std::string_view name, std::string_view value) {
    json::key(to, name);
    json::str(to, value);
  };
  to.StartObject();
  json::key(to, "scope");
  to.Int(static_cast<int>(hold.key.scope));
  text("provider", hold.key.provider);
  text("model", hold.key.model);
  text("credential", hold.key.credential);
  text("what", hold.key.what);
  text("reason", to_string(hold.reason));
  json::key(to, "since");
  to.Int64(hold.since);
  json::key(to, "until");
  to.Int64(hold.until);
  json::key(to, "until_secret");
  to.Bool(hold.until_secret);
  json::key(to, "strikes");
  to.Int(hold.strikes);
  json::key(to, "generation");
  to.Uint64(hold.generation);
  text("message", hold.message);
  json::key(to, "probe_until");
  to.Int64(hold.probe_until);
  text("prober", hold.prober);
  to.EndObject();
  return std::string(json::view(buffer));
}

std::optional<Hold> read(std::string_view key, std::string_view text) {
  const auto document = json::parse(text);
  if (!document || !document->IsObject()) return std::nullopt;
  const auto reason = parse_reason(json::string_at(*document, "reason").value_or(""));
  const auto scope = json::int_at(*document, "scope").value_or(-1);
  if (!reason || scope < 0 || scope > static_cast<int>(Scope::plugin)) return std::nullopt;
  const auto word = [&document](std::string_view name) { return std::string(json::string_at(*document, name).value_or("")); };
  Hold hold;
  hold.key = {static_cast<Scope>(scope), std::string(key), word("provider"), word("model"), word("credential"), word("what")};
  hold.reason = *reason;
  hold.since = json::int_at(*document, "since").value_or(0);
  hold.until = json::int_at(*document, "until").value_or(0);
  hold.until_secret = json::bool_at(*document, "until_secret").value_or(false);
  hold.strikes = static_cast<int>(std::clamp<std::int64_t>(json::int_at(*document, "strikes").value_or(0), 0, 1000));
  if (const auto* generation = json::find(*document, "generation"); generation != nullptr && generation->IsUint64()) hold.generation = generation->GetUint64();
  hold.message = word("message");
  hold.probe_until = json::int_at(*document, "probe_until").value_or(0);
  hold.prober = word("prober");
  return hold;
}

/// A state that can't be written must not lose a call: holds are advice.
template <typename T>
void note_failure(const Result<T>& result) {
  if (!result) log(LogLevel::warn, "holds", result.error().message);
}

std::string state_key(const std::string& key) { return "hold/" + key; }

}  // namespace

HoldKey target_key(const std::string& provider, const std::string& model) {
  const std::string what = model.empty() ? provider : provider + "/" + model;
  return {Scope::target, bounded("target/" + what), provider, model, {}, what};
}
HoldKey endpoint_key(const std::string& origin, const std::string& provider) { return {Scope::endpoint, bounded("endpoint/" + origin), provider, {}, {}, origin}; }
HoldKey plugin_key(const std::string& type) { return {Scope::plugin, bounded("plugin/" + type), {}, {}, {}, "plugin " + type}; }
HoldKey credential_key(const std::string& provider, const std::string& id, const std::string& identity, const std::string& origin) {
  return {Scope::credential, bounded("credential/" + identity + "/" + origin), provider, {}, id, provider + "#" + id};
}
HoldKey credential_model_key(const std::string& provider, const std::string& id, const std::string& identity, const std::string& origin,
                             const std::string& model) {
  const std::string what = (id.empty() ? provider : provider + "#" + id) + " " + model;
  return {Scope::credential_model, bounded("rate/" + identity + "/" + origin + "/" + model), provider, model, id, what};
}

bool HoldKey::of_secret(std::string_view identity, std::string_view origin) const {
  const std::string id(identity), at(origin);
  if (scope == Scope::credential) return key == credential_key({}, {}, id, at).key;
  return scope == Scope::credential_model && key == credential_model_key({}, {}, id, at, model).key;
}

HoldBook::HoldBook(state::State& state, const Clock& clock, HoldSettings settings) : state_(state), clock_(clock), settings_(settings) {}

void HoldBook::refresh_locked() {
  const std::uint64_t version = state_.version("hold");
  if (loaded_ && version == seen_) return;
  auto records = state_.list("hold/");
  if (!records) {
    note_failure(records);
    return;  // what is known stays
  }
  holds_.clear();
  for (const auto& [key, text] : *records) {
    const std::string name = key.substr(5);
    if (auto hold = read(name, text)) holds_.emplace(name, std::move(*hold));
  }
  seen_ = version;
  loaded_ = true;
}

bool HoldBook::none() {
  std::lock_guard lock(mutex_);
  refresh_locked();
  return holds_.empty();
}

std::optional<Hold> HoldBook::find(const HoldKey& key) {
  std::lock_guard lock(mutex_);
  refresh_locked();
  if (holds_.empty()) return std::nullopt;
  const auto found = holds_.find(key.key);
  return found == holds_.end() ? std::nullopt : std::optional(found->second);
}

Gate HoldBook::gate(const Hold& hold, UnixMs now) {
  if (hold.until_secret || hold.until > now) return Gate::held;
  return Gate::probe;
}

bool HoldBook::begin_probe(const HoldKey& key, const std::string& who, Millis at_most) {
  const UnixMs now = clock_.unix_ms();
  bool mine = true;
  const auto stored = state_.update(
      state_key(key.key),
      [&](const std::optional<std::string>& old) -> std::optional<std::string> {
        auto hold = old ? read(key.key, *old) : std::nullopt;
        if (!hold) return std::nullopt;  // somebody's success ended it: everyone may go
        if (hold->probe_until > now && hold->prober != who) {
          mine = false;
          return old;
        }
        hold->probe_until = now + at_most.count();
        hold->prober = who;
        return record(*hold);
      },
      Durable::no);
  note_failure(stored);
  return mine;
}

void HoldBook::end_probe(const HoldKey& key, const std::string& who) {
  note_failure(state_.update(
      state_key(key.key),
      [&](const std::optional<std::string>& old) -> std::optional<std::string> {
        auto hold = old ? read(key.key, *old) : std::nullopt;
        if (!hold || hold->prober != who) return old;
        hold->probe_until = 0;
        hold->prober.clear();
        return record(*hold);
      },
      Durable::no));
}

Millis HoldBook::place(const Placing& placing) {
  Millis setting = hold_time(settings_, policy(placing.reason).hold);
  if (placing.at_most) setting = std::min(setting, *placing.at_most);
  if (setting.count() == 0 && !placing.until_secret) return Millis(0);  // "0s" turns this kind of hold off
  const UnixMs now = clock_.unix_ms();
  Millis lasts{0};
  const auto stored = state_.update(
      state_key(placing.key.key),
      [&](const std::optional<std::string>& old) -> std::optional<std::string> {
        auto before = old ? read(placing.key.key, *old) : std::nullopt;
        Hold hold{.key = placing.key, .reason = placing.reason, .since = now, .until = 0, .until_secret = placing.until_secret, .strikes = 0, .generation = placing.generation, .message = placing.message, .probe_until = 0, .prober = {}};
        // What was held for an older secret or plugin says nothing about this one; targets and endpoints have no generation.
        const bool has_generation = placing.key.scope == Scope::credential || placing.key.scope == Scope::credential_model || placing.key.scope == Scope::plugin;
        if (before && (!has_generation || before->generation == placing.generation)) {
          const bool concurrent = before->since >= placing.attempt_began && before->until > now;
          hold.strikes = concurrent ? before->strikes : before->strikes + 1;
          hold.until_secret = hold.until_secret || (concurrent && before->until_secret);
          if (concurrent && !placing.told && !placing.until_secret) {  // the same outage, seen by another call
            lasts = Millis(before->until - now);
            return old;
          }
        }
        // Doubling, capped; the shift is bounded so that it cannot overflow.
        const std::int64_t grown = std::min<std::int64_t>(setting.count() << std::min(hold.strikes, 20), std::max(settings_.max.count(), setting.count()));
        lasts = placing.told.value_or(Millis(grown));
        hold.until = now + lasts.count();
        if (hold.until_secret) lasts = Millis(-1);
        if (lasts.count() == 0) return std::nullopt;
        return record(hold);
      },
      Durable::no);
  note_failure(stored);
  return lasts;
}

void HoldBook::clear(const HoldKey& key) { note_failure(state_.erase(state_key(key.key))); }

std::vector<Hold> HoldBook::all() {
  std::lock_guard lock(mutex_);
  refresh_locked();
  std::vector<Hold> out;
  out.reserve(holds_.size());
  for (const auto& [key, hold] : holds_) out.push_back(hold);
  std::sort(out.begin(), out.end(), [](const Hold& a, const Hold& b) { return a.key.key < b.key.key; });
  return out;
}

Result<int> HoldBook::lift(const std::function<bool(const HoldKey&)>& which) {
  int lifted = 0;
  for (const Hold& hold : all()) {
    if (!which(hold.key)) continue;
    if (auto erased = state_.erase(state_key(hold.key.key)); !erased) return erased.error();
    ++lifted;
  }
  return lifted;
}

}  // namespace belay::fallback
