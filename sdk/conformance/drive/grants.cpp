#include "drive/grants.hpp"

#include <chrono>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "credentials/refresh.hpp"
#include "drive/loan.hpp"

namespace belay::conform {
namespace {

/// The clock that the plugin sees.
class HostClock final : public Clock {
 public:
  [[nodiscard]] MonoTime mono() const override { return MonoTime(std::chrono::nanoseconds(the_host().now_ns())); }
  [[nodiscard]] UnixMs unix_ms() const override { return the_host().now_unix_ms(); }
};

std::string text_of(belay_str text) { return std::string(readable(text) ? view(text) : std::string_view()); }

credentials::HookInput input_of(const belay_refresh_in& in) {
  credentials::HookInput input;
  input.provider = "conform";
  input.id = text_of(in.id);
  input.type = text_of(in.type);
  input.generation = in.failed_generation;
  for (std::uint32_t i = 0; i < in.fields.count; ++i) {
    const auto* field = reinterpret_cast<const belay_field*>(reinterpret_cast<const char*>(in.fields.at) + std::size_t{i} * in.fields.stride);
    input.fields.push_back({text_of(field->name), Secret(view(field->value)), (field->flags & BELAY_SECRET) != 0});
  }
  if (in.expires_unix_ms > 0) input.expires = in.expires_unix_ms;
  input.deadline = MonoTime(std::chrono::nanoseconds(in.deadline_ns));
  input.read_source = [](std::string_view source) -> Result<Secret> {
    if (const auto value = source_value(source)) return Secret(*value);
    return fail("the source \"" + std::string(source) + "\" yields nothing");
  };
  return input;
}

std::uint32_t outcome_of(credentials::RefreshOutcome outcome) {
  using credentials::RefreshOutcome;
  switch (outcome) {
    case RefreshOutcome::refreshed: return BELAY_REFRESHED;
    case RefreshOutcome::unchanged: return BELAY_UNCHANGED;
    case RefreshOutcome::not_applicable: return BELAY_NOT_APPLICABLE;
    case RefreshOutcome::failed_permanent: return BELAY_FAILED_PERMANENT;
    case RefreshOutcome::needs_interaction: return BELAY_NEEDS_INTERACTION;
    case RefreshOutcome::none:
    case RefreshOutcome::failed_transient: break;
  }
  return BELAY_FAILED_TRANSIENT;
}

credentials::HttpReply reply_over_network(const credentials::HttpRequest& request) {
  const NetworkAnswer answer = ask_network({request.method, request.url, request.body, request.headers});
  if (answer.status != BELAY_OK) return {.status = 0, .headers = {}, .body = {}, .error = answer.text};
  return {.status = answer.reply.status, .headers = answer.reply.headers, .body = answer.reply.body, .error = {}};
}

Granted granted_of(const credentials::HookOutput& output) {
  Granted granted;
  granted.out.size = sizeof granted.out;
  granted.out.outcome = outcome_of(output.outcome);
  if (output.connection_bound) granted.out.flags = BELAY_REFRESH_CONNECTION_BOUND;
  granted.out.expires_unix_ms = output.never_expires ? -1 : output.expires.value_or(0);
  granted.out.refresh_after_unix_ms = output.refresh_after.value_or(0);
  granted.out.retry_after_ms = output.retry_after ? output.retry_after->count() : -1;
  for (const auto& field : output.fields) granted.fields.push_back({field.name, std::string(field.value.reveal()), field.secret});
  granted.text = scrub(output.message);
  return granted;
}

}  // namespace

NetworkAnswer ask_network(const NetworkRequest& request) {
  auto& host = the_host();
  {
    const std::lock_guard lock(host.guard);
    host.requests.push_back(request);
  }
  if (host.cancelled.load()) return {BELAY_ERR_CANCELLED, "the refresh was cancelled", {}};
  if (!host.network) {
    host.breach("a request went to " + request.method + " " + request.url + " where none was to be made");
    return {BELAY_ERR_CONTRACT, "there is no network here", {}};
  }
  CassetteReply reply = host.network(request);
  if (host.cancelled.load()) return {BELAY_ERR_CANCELLED, "the refresh was cancelled", {}};
  if (reply.status == 0) return {BELAY_ERR_PROTOCOL, "the server could not be reached", {}};
  return {BELAY_OK, {}, std::move(reply)};
}

std::optional<std::string> source_value(std::string_view name) {
  auto& host = the_host();
  const std::lock_guard lock(host.guard);
  const auto found = host.sources.find(std::string(name));
  return found == host.sources.end() ? std::nullopt : std::optional(found->second);
}

Granted refresh_grant(const belay_refresh_in& in) {
  if (text_of(in.type) == "exec") {
    auto& host = the_host();
    const std::lock_guard lock(host.guard);
    host.notes.emplace_back("belay.refresh/1 ran no command for a credential of type exec");
    Granted granted;
    granted.out = {sizeof(belay_refresh_out), BELAY_NOT_APPLICABLE, 0, 0, 0, 0, -1};
    return granted;
  }
  return granted_of(credentials::default_refresh(
      input_of(in), [](const credentials::HttpRequest& request, MonoTime, const CancelToken&) { return reply_over_network(request); }, HostClock()));
}

}  // namespace belay::conform
