// Values: what the sources of one credential gave when they were read together.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "card.hpp"
#include "record.hpp"

namespace belay::credentials {

struct Values {
  std::map<std::string, Secret, std::less<>> sources;  ///< by key
  std::vector<Field> made;                             ///< what the command of an exec credential printed
  std::optional<UnixMs> expires,
      issued;           ///< of the access token or of what the command printed, where it says so itself
  std::string missing;  ///< why they are of no use; empty when they are complete

  [[nodiscard]] std::string_view of(std::string_view key) const;
};

/// Reads every source now. `limit` is for those that run programs. [any thread; blocks when card.runs_programs]
Values read_values(const Card& card, Millis limit, const CancelToken& cancel);

/// Fingerprints of the values, by source key. The refresh token's includes its token endpoint: the same text elsewhere
/// is another login.
Prints prints_of(const Card& card, const Values& values, const Fingerprints& fingerprints);
/// As prints_of() for one value.
std::string print_of(const Card& card, std::string_view key, std::string_view value, const Fingerprints& fingerprints);

}  // namespace belay::credentials
