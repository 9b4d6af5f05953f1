// The words and shapes of one credential refresh (DESIGN 4.3), shared by the store that coordinates it, the plugin hook
// that does it and the fallback machine that reads its outcome.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace belay::credentials {

/// `none`: no refresh was tried. A cancelled hook shows as failed_transient.
enum class RefreshOutcome : std::uint8_t {
  none,
  refreshed,
  unchanged,
  not_applicable,
  failed_transient,
  failed_permanent,
  needs_interaction,
};
std::string_view to_string(RefreshOutcome);
std::optional<RefreshOutcome> parse_refresh_outcome(std::string_view word);

/// Why a refresh is wanted.
enum class Cause : std::uint8_t { rejected, forbidden, missing, expired, advisory, operator_ };
std::string_view to_string(Cause);
std::optional<Cause> parse_cause(std::string_view word);

/// One value of a credential, e.g. {"secret", ...} (the simple types), {"refresh_token", ...}.
struct Field {
  std::string name;
  Secret value;
  bool secret = true;
};

/// The reply that led to a refresh; all empty when there was none.
struct Failure {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  ///< first 8 KiB
};

/// What the plugin's hook gets.
struct HookInput {
  std::string provider, id, type;
  std::uint64_t generation = 0;  ///< of `fields`; also the failed one
  std::vector<Field> fields;  ///< all of the type, refresh token and plain settings (token_url, client_id, scope) too
  std::optional<UnixMs> expires;
  Cause cause = Cause::rejected;
  Failure failure;
  MonoTime deadline;
  CancelToken cancel;
  /// To be called before any request goes out: makes the in-flight record durable (once). An error means: send nothing.
  std::function<Result<void>()> before_request;
  /// Reads one of this credential's own sources again ("source", "refresh_token", ...).
  std::function<Result<Secret>(std::string_view source)> read_source;
};

/// What the plugin's hook answers.
struct HookOutput {
  RefreshOutcome outcome = RefreshOutcome::failed_transient;
  std::vector<Field> fields;      ///< only with `refreshed`: the fields that changed
  std::optional<UnixMs> expires;  ///< nullopt: unknown
  bool never_expires = false;
  std::optional<UnixMs> refresh_after;
  std::optional<Millis> retry_after;
  bool connection_bound = false;  ///< pooled connections of this provider must not be reused (client certificates)
  std::string message;            ///< what happened, in upstream's words where there are some; scrubbed by the receiver
};

/// Calls the plugin. Blocks; runs on a worker. Does not throw.
using Hook = std::function<HookOutput(const HookInput&)>;

/// One HTTP exchange as a refresh needs it; origin binding is checked by whoever implements it.
struct HttpRequest {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
struct HttpReply {
  int status = 0;  ///< 0: no reply; `error` says why
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string error;
};
using Http = std::function<HttpReply(const HttpRequest&, MonoTime deadline, const CancelToken&)>;

/// The SDK's one-line default, belay.refresh/1: api_key (sources are read again), oauth2 (RFC 6749 section 6), exec
/// (the command is run again). Unknown types are `not_applicable`. Blocks.
HookOutput default_refresh(const HookInput& input, const Http& http, const Clock& clock);

}  // namespace belay::credentials
