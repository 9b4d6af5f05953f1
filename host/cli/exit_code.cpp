#include "exit_code.hpp"

namespace belay::cli {

int exit_of(fallback::Outcome outcome, int signal) {
  switch (outcome) {
    case fallback::Outcome::ok:
      return exit_answered;
    case fallback::Outcome::failed:
      return exit_failed;
    case fallback::Outcome::refused:
      return exit_refused;
    case fallback::Outcome::deadline:
      return exit_deadline;
    case fallback::Outcome::cancelled:
      return signal > 0 ? 128 + signal : exit_interrupted;
  }
  return exit_internal;
}

}  // namespace belay::cli
