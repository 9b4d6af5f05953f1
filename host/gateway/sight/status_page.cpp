#include "status_page.hpp"

#include <algorithm>

#include "access_line.hpp"
#include "base/json.hpp"
#include "credential_words.hpp"
#include "runtime/version.hpp"

namespace belay::gateway::sight {
namespace {

using runtime::ExplainedTarget;
using runtime::HoldStatus;

void text(json::Writer& to, std::string_view name, std::string_view value) {
  json::key(to, name);
  json::str(to, value);
}

void text_or_null(json::Writer& to, std::string_view name, std::string_view value) {
  json::key(to, name);
  value.empty() ? static_cast<void>(to.Null()) : json::str(to, value);
}

void number(json::Writer& to, std::string_view name, std::int64_t value) {
  json::key(to, name);
  to.Int64(value);
}

void list(json::Writer& to, std::string_view name, const std::vector<std::string>& values) {
  json::key(to, name);
  to.StartArray();
  for (const auto& value : values) json::str(to, value);
  to.EndArray();
}

void moment(json::Writer& to, std::string_view name, const std::optional<UnixMs>& value) {
  text_or_null(to, name, value ? format_rfc3339(*value) : "");
}

void left_ms(json::Writer& to, std::int64_t left) {
  json::key(to, "left_ms");
  left < 0 ? to.Null() : to.Int64(left);
}

void write_hold(json::Writer& to, const HoldStatus& hold) {
  to.StartObject();
  text(to, "scope", hold.scope);
  text(to, "what", hold.what);
  text(to, "reason", to_string(hold.reason));
  left_ms(to, hold.left_ms);
  json::key(to, "until_secret_changes"), to.Bool(hold.left_ms < 0);
  text(to, "message", hold.message);
  to.EndObject();
}

void write_credential(json::Writer& to, const credentials::Status& credential) {
  to.StartObject();
  text(to, "provider", credential.provider);
  text(to, "id", credential.id);
  text(to, "type", credential.type);
  text(to, "state", told(credential.availability));
  text(to, "why", credential.why);
  json::key(to, "generation"), to.Uint64(credential.generation);
  list(to, "sources", credential.sources);
  list(to, "origins", credential.origins);
  moment(to, "expires", credential.expires);
  moment(to, "refreshed_at", credential.refreshed_at);
  text(to, "last_outcome", credentials::to_string(credential.last_outcome.value_or(credentials::RefreshOutcome::none)));
  text(to, "last_message", credential.last_message);
  json::key(to, "needs_person"), to.Bool(needs_a_person(credential));
  to.EndObject();
}

/// Whether a hold is about that target: itself, its provider's credential, or its origin.
bool concerns(const HoldStatus& hold, const ExplainedTarget& target) {
  const std::string provider = target.target.substr(0, target.target.find('/'));
  if (hold.what == target.target || hold.what == provider || hold.what == "plugin " + target.plugin) return true;
  if (std::find(target.origins.begin(), target.origins.end(), hold.what) != target.origins.end()) return true;
  return hold.what.starts_with(provider + "#") || (hold.what.starts_with(provider + " "));
}

/// "held: quota_exhausted, 592 s left" names the reason; how long exactly is known to the hold itself.
void write_held(json::Writer& to, const ExplainedTarget& target, const std::vector<HoldStatus>& holds) {
  json::key(to, "held");
  const auto at = target.state.find("held: ");
  if (at == std::string::npos) {
    to.Null();
    return;
  }
  const auto words = std::string_view(target.state).substr(at + 6);
  const auto reason = words.substr(0, words.find_first_of(",:"));
  const HoldStatus* found = nullptr;
  for (const auto& hold : holds) {
    if (to_string(hold.reason) == reason && concerns(hold, target) &&
        (found == nullptr || hold.left_ms > found->left_ms))
      found = &hold;
  }
  to.StartObject();
  text(to, "reason", reason);
  left_ms(to, found != nullptr ? found->left_ms : -1);
  json::key(to, "until_secret_changes"), to.Bool(found != nullptr && found->left_ms < 0);
  to.EndObject();
}

void write_target(json::Writer& to, const ExplainedTarget& target, const std::vector<HoldStatus>& holds) {
  to.StartObject();
  text(to, "target", target.target);
  text(to, "plugin", target.plugin);
  text(to, "cost", target.cost);
  text(to, "zone", target.zone);
  text(to, "state", target.state);
  json::key(to, "included"), to.Bool(target.included);
  list(to, "credentials", target.credentials);
  text(to, "on", target.on);
  number(to, "requests", target.requests);
  write_held(to, target, holds);
  to.EndObject();
}

void write_route(json::Writer& to, const runtime::Explanation& route, const std::vector<HoldStatus>& holds) {
  to.StartObject();
  text(to, "name", route.route);
  number(to, "deadline_ms", route.deadline.count());
  number(to, "requests", route.requests);
  json::key(to, "targets"), to.StartArray();
  for (const auto& target : route.targets) write_target(to, target, holds);
  to.EndArray();
  to.EndObject();
}

void write_attempt(json::Writer& to, const LiveAttempt& attempt, MonoTime now) {
  to.StartObject();
  number(to, "n", attempt.n);
  text(to, "provider", attempt.provider);
  text(to, "model", attempt.model);
  text_or_null(to, "credential", attempt.credential);
  json::key(to, "over"), to.Bool(attempt.over);
  json::key(to, "status"), attempt.status != 0 ? to.Int(attempt.status) : to.Null();
  text_or_null(to, "reason", attempt.reason ? to_string(*attempt.reason) : std::string_view());
  text_or_null(to, "verdict", attempt.over ? to_string(attempt.verdict) : std::string_view());
  number(to, "ms", std::chrono::duration_cast<Millis>((attempt.over ? attempt.ended : now) - attempt.began).count());
  to.EndObject();
}

void write_live(json::Writer& to, const LiveView& live, MonoTime now) {
  to.StartObject();
  text(to, "id", live.id);
  text(to, "route", live.route);
  text(to, "wire", live.wire);
  text_or_null(to, "key", live.key);
  text(to, "peer", live.peer);
  json::key(to, "stream"), to.Bool(live.stream);
  text(to, "began", rfc3339_ms(live.began));
  number(to, "since_ms", live.since_ms);
  text_or_null(to, "committed", live.committed);
  json::key(to, "attempts"), to.StartArray();
  for (const auto& attempt : live.attempts) write_attempt(to, attempt, now);
  to.EndArray();
  to.EndObject();
}

void write_configuration(json::Writer& to, const ReloadFacts& reloads) {
  json::key(to, "configuration");
  to.StartObject();
  list(to, "files", reloads.files);
  text(to, "loaded_at", format_rfc3339(reloads.loaded_at));
  number(to, "reloads", static_cast<std::int64_t>(reloads.ok));
  number(to, "refused_reloads", static_cast<std::int64_t>(reloads.failed));
  text_or_null(to, "last_error", reloads.last_error);
  to.EndObject();
}

void write_plugins(json::Writer& to, const std::vector<plugins::TypeStatus>& types) {
  json::key(to, "plugins"), to.StartArray();
  for (const auto& one : types) {
    to.StartObject();
    text(to, "type", one.type);
    text(to, "state", to_string(one.state));
    text_or_null(to, "id", one.id);
    text_or_null(to, "version", one.version);
    text_or_null(to, "build", std::string_view(one.sha256).substr(0, 12));
    text_or_null(to, "file", one.path);
    text_or_null(to, "why", one.why);
    json::key(to, "restart_needed"), to.Bool(one.restart_needed);
    to.EndObject();
  }
  to.EndArray();
}

void write_workers(json::Writer& to, const std::vector<WorkerView>& workers) {
  json::key(to, "workers"), to.StartArray();
  for (const auto& worker : workers) {
    to.StartObject();
    number(to, "connections", static_cast<std::int64_t>(worker.front.open));
    number(to, "active", static_cast<std::int64_t>(worker.front.active));
    number(to, "requests", static_cast<std::int64_t>(worker.front.requests));
    number(to, "calls", worker.calls);
    to.EndObject();
  }
  to.EndArray();
}

void write_calls(json::Writer& to, const std::vector<WorkerView>& workers) {
  std::vector<const LiveView*> calls;
  std::int64_t all = 0;
  for (const auto& worker : workers) {
    all += worker.calls;
    for (const auto& live : worker.live) calls.push_back(&live);
  }
  std::stable_sort(calls.begin(), calls.end(),
                   [](const LiveView* a, const LiveView* b) { return a->began < b->began; });
  if (calls.size() > most_live) calls.resize(most_live);
  const MonoTime now = system_clock().mono();
  number(to, "live_total", all);
  json::key(to, "live"), to.StartArray();
  for (const auto* live : calls) write_live(to, *live, now);
  to.EndArray();
}

}  // namespace

std::string status_json(const StatusView& view) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  text(to, "version", runtime::version());
  text(to, "started", format_rfc3339(view.started));
  number(to, "uptime_s", (view.now - view.started) / 1000);
  write_configuration(to, view.reloads);
  write_plugins(to, view.status->plugins);
  json::key(to, "holds"), to.StartArray();
  for (const auto& hold : view.status->holds) write_hold(to, hold);
  to.EndArray();
  json::key(to, "credentials"), to.StartArray();
  for (const auto& credential : view.status->credentials) write_credential(to, credential);
  to.EndArray();
  json::key(to, "routes"), to.StartArray();
  for (const auto& route : *view.routes) write_route(to, route, view.status->holds);
  to.EndArray();
  write_calls(to, view.workers);
  write_workers(to, view.workers);
  to.EndObject();
  return std::string(json::view(buffer));
}

}  // namespace belay::gateway::sight
