// What the program's exit codes mean (DESIGN 8).
#pragma once

#include "fallback/reason.hpp"

namespace belay::cli {

enum Exit : int {
  exit_answered = 0,
  exit_internal = 1,  ///< a fault of our own, or an answer that could not be written
  exit_usage = 2,     ///< usage or configuration
  exit_failed = 3,    ///< every allowed target failed
  exit_refused = 4,   ///< the request itself is at fault
  exit_deadline = 5,
  exit_interrupted = 130,  ///< 128 + SIGINT; other signals likewise: 143 for SIGTERM, 129 for SIGHUP
};

/// The exit code of a call. `signal` is what interrupted it, 0 if nothing did.
int exit_of(fallback::Outcome outcome, int signal);

}  // namespace belay::cli
