// From what came to a Reason with its remedy: the plugin proposes, the host's default table fills in, this one function decides (DESIGN 4.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "belay/failure.h"
#include "fallback/reason.hpp"
#include "fallback/retry_after.hpp"

namespace belay::fallback {

/// An error object as upstream wrote it, found in a body, an event or by the plugin.
struct ErrorText {
  std::string code, type, message, parameter;
  [[nodiscard]] bool empty() const { return code.empty() && type.empty() && message.empty(); }
};

/// Reads {"error": {...}}, {"error": "..."}, {"message": ...}, {"detail": ...}, lists of these, an error wrapped as JSON text in metadata.raw, or plain text. HTML gives
/// its title at most. Bounded; never fails.
ErrorText error_text(std::string_view body);

/// The plugin's proposal; -1 and empty: not told.
struct Proposal {
  std::uint32_t reason = BELAY_REASON_UNKNOWN;
  std::uint32_t scope = BELAY_SCOPE_DEFAULT;
  std::int64_t retry_after_ms = -1, reset_unix_ms = -1, affordable_tokens = -1;
  std::string message, parameter, rename;
};

/// What happened to one attempt, as the machine needs it.
struct Failing {
  Reason reason = Reason::invalid_reply;
  Scope scope = Scope::none;
  std::string message;
  std::optional<Millis> retry_after;      ///< how long to leave it alone, from any source
  std::int64_t affordable_tokens = -1;
  std::string parameter, rename;          ///< top-level member
};

/// A reply that is not a 2xx (or an error told inside one: `status` is then 200). `body` is what there is of it.
Failing classify(int status, const Headers& headers, std::string_view body, const ErrorText& error, const Proposal& proposal, UnixMs now);

/// A failure that needs no table: unreachable, timed_out, invalid_reply, plugin_fault, ...
Failing failing(Reason reason, std::string message);

}  // namespace belay::fallback
