#include "fallback/policy.hpp"

namespace belay::fallback {
namespace {

using enum Reason;
constexpr std::array<Step, 2> nothing = {Step::none, Step::none};

constexpr std::array<Row, reason_count> table = {{
    {auth_rejected, Scope::credential, HoldKind::auth, {Step::refresh, Step::next_credential}, Then::next_target},
    {credential_missing, Scope::credential, HoldKind::none, nothing, Then::next_target},
    {quota_exhausted, Scope::credential, HoldKind::quota, {Step::adjust_size, Step::next_credential}, Then::next_target},
    {rate_limited, Scope::credential_model, HoldKind::rate, {Step::wait_once, Step::next_credential}, Then::next_target},
    {overloaded, Scope::target, HoldKind::overloaded, {Step::retry_transient, Step::none}, Then::next_target},
    {server_error, Scope::target, HoldKind::overloaded, {Step::retry_transient, Step::none}, Then::next_target},
    {unreachable, Scope::endpoint, HoldKind::endpoint, {Step::retry_transient, Step::none}, Then::next_target},
    {timed_out, Scope::target, HoldKind::overloaded, {Step::retry_timeout, Step::none}, Then::next_target},
    {model_unavailable, Scope::target, HoldKind::model, nothing, Then::next_target},
    {permission_denied, Scope::target, HoldKind::model, nothing, Then::next_target},
    {invalid_reply, Scope::target, HoldKind::overloaded, nothing, Then::next_target},
    {unsupported_parameter, Scope::none, HoldKind::none, {Step::adjust_parameter, Step::none}, Then::next_target},
    {context_too_long, Scope::none, HoldKind::none, nothing, Then::larger_context},
    {request_too_large, Scope::none, HoldKind::none, nothing, Then::give_up},
    {bad_request, Scope::none, HoldKind::none, nothing, Then::give_up},
    {content_refused, Scope::none, HoldKind::none, nothing, Then::give_up},
    {plugin_fault, Scope::plugin, HoldKind::plugin, nothing, Then::next_target},
    {deadline_exceeded, Scope::none, HoldKind::none, nothing, Then::give_up},
    {cancelled, Scope::none, HoldKind::none, nothing, Then::give_up},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].reason) != i) return false;
  }
  return true;
}
static_assert(in_order(), "the table has one row per reason, in the order of Reason");

std::string describe(Step step, const RouteSettings& route) {
  switch (step) {
    case Step::none: return "";
    case Step::refresh: return "refresh once; if it changed anything, once more";
    case Step::next_credential: return "next credential";
    case Step::adjust_size: return "a smaller output once, if the reply names an affordable size";
    case Step::adjust_parameter: return "drop or rename the parameter, each once";
    case Step::wait_once: return "wait as told (at most " + format_duration(route.retry_after_max) + ") and retry once";
    case Step::retry_transient: return "retry up to " + std::to_string(route.transient_retries) + " times with backoff from " + format_duration(route.backoff);
    case Step::retry_timeout: return route.retry_on_timeout ? "retry up to " + std::to_string(route.transient_retries) + " times" : "";
  }
  return "";
}

}  // namespace

std::span<const Row, reason_count> policy() { return table; }
const Row& policy(Reason reason) { return table[static_cast<std::size_t>(reason)]; }

Millis hold_time(const HoldSettings& settings, HoldKind kind) {
  switch (kind) {
    case HoldKind::none: return Millis(0);
    case HoldKind::auth: return settings.auth;
    case HoldKind::quota: return settings.quota;
    case HoldKind::rate: return settings.rate;
    case HoldKind::overloaded: return settings.overloaded;
    case HoldKind::endpoint: return settings.endpoint;
    case HoldKind::model: return settings.model;
    case HoldKind::plugin: return settings.plugin;
  }
  return Millis(0);
}

Then then_of(const RouteSettings& route, Reason reason) {
  const auto own = route.on.find(reason);
  if (own == route.on.end() || reason == deadline_exceeded || reason == cancelled) return policy(reason).then;
  return own->second == Verdict::next_target ? Then::next_target : Then::give_up;
}

std::string describe(const Row& row, const RouteSettings& route) {
  std::string out;
  for (const Step step : row.steps) {
    const std::string words = describe(step, route);
    if (words.empty()) continue;
    if (!out.empty()) out += "; then ";
    out += words;
  }
  return out.empty() ? "-" : out;
}

std::string describe(Then then) {
  switch (then) {
    case Then::next_target: return "next_target";
    case Then::larger_context: return "next_target with a larger declared context, else give_up";
    case Then::give_up: return "give_up";
  }
  return "";
}

std::string policy_markdown() {
  const RouteSettings defaults;
  const HoldSettings holds;
  std::string out = "| reason | on this target, in order | then | hold |\n|---|---|---|---|\n";
  for (const Row& row : table) {
    out += "| `" + std::string(to_string(row.reason)) + "` | " + describe(row, defaults) + " | " + describe(row.then) + " | ";
    out += row.hold == HoldKind::none ? "-" : std::string(to_string(row.scope)) + ", " + format_duration(hold_time(holds, row.hold));
    out += " |\n";
  }
  return out;
}

}  // namespace belay::fallback
