// The policy as data: what each reason holds, what is done on the target in which order, and what then (DESIGN 4.2). The machine runs this table and
// the documentation is printed from it.
#pragma once

#include <array>
#include <span>
#include <string>

#include "fallback/reason.hpp"
#include "fallback/settings.hpp"

namespace belay::fallback {

/// One thing to try on the same target before it is left. Each has a bound of its own, so every loop ends.
enum class Step : std::uint8_t {
  none,
  refresh,          ///< once per credential and call; then once more if it changed anything
  next_credential,
  adjust_size,      ///< once, when the reply names an affordable output size
  adjust_parameter, ///< each parameter once
  wait_once,        ///< wait as told and retry once, if that fits
  retry_transient,  ///< up to transient_retries with backoff
  retry_timeout,    ///< the same, only where the route allows it
};

/// The last column of the table.
enum class Then : std::uint8_t { next_target, larger_context, give_up };

/// Which setting of [holds] counts.
enum class HoldKind : std::uint8_t { none, auth, quota, rate, overloaded, endpoint, model, plugin };

struct Row {
  Reason reason;
  Scope scope;
  HoldKind hold;
  std::array<Step, 2> steps;
  Then then;
};

/// One row per reason, in the order of Reason.
std::span<const Row, reason_count> policy();
const Row& policy(Reason reason);

Millis hold_time(const HoldSettings& settings, HoldKind kind);

/// What a route makes of the last column.
Then then_of(const RouteSettings& route, Reason reason);

/// For people: "refresh once, then the next credential".
std::string describe(const Row& row, const RouteSettings& route);
std::string describe(Then then);

/// The whole table as Markdown.
std::string policy_markdown();

}  // namespace belay::fallback
