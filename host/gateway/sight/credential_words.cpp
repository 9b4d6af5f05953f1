#include "credential_words.hpp"

namespace belay::gateway::sight {

using credentials::Availability;
using credentials::RefreshOutcome;

std::string_view metric_word(Availability availability) {
  switch (availability) {
    case Availability::ready:
      return "ready";
    case Availability::advisory:
      return "refresh_due";
    case Availability::refresh:
      return "refresh_needed";
    case Availability::missing:
      return "missing";
    case Availability::blocking:
      return "command";
  }
  return "";
}

std::string_view told(Availability availability) {
  switch (availability) {
    case Availability::ready:
      return "ready";
    case Availability::advisory:
      return "ready, refresh due";
    case Availability::refresh:
      return "refresh needed";
    case Availability::missing:
      return "missing";
    case Availability::blocking:
      return "from a command";
  }
  return "";
}

bool needs_a_person(const credentials::Status& credential) {
  return credential.last_outcome == RefreshOutcome::needs_interaction ||
         credential.last_outcome == RefreshOutcome::failed_permanent;
}

}  // namespace belay::gateway::sight
