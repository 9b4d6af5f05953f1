// Turn: one refresh under way, and the small words its parts share.
#pragma once

#include <string>
#include <utility>

#include "base/cancel.hpp"
#include "credential.hpp"
#include "credentials/store.hpp"

namespace belay::credentials {

struct Turn {
  Credential& credential;
  const Card& card;
  const RefreshRequest& request;
  Millis limit;              ///< of a hook or a command
  CancelToken stop;          ///< of commands
  ViewPtr view;              ///< as of the last reading
  Standing standing;         ///< the records as last written
  bool interrupted = false;  ///< somebody died in a token request for these tokens
};

inline bool is_terminal(RefreshOutcome outcome) {
  return outcome == RefreshOutcome::failed_permanent || outcome == RefreshOutcome::needs_interaction;
}
inline bool is_failure(RefreshOutcome outcome) {
  return outcome == RefreshOutcome::failed_transient || is_terminal(outcome);
}

inline RefreshResult result_of(RefreshOutcome outcome, std::uint64_t generation, std::string message) {
  RefreshResult result;
  result.outcome = outcome;
  result.generation = generation;
  result.until_secret_changes = is_terminal(outcome);
  result.message = std::move(message);
  return result;
}

}  // namespace belay::credentials
