// The order in which a call tries the credentials of one provider.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "credentials/settings.hpp"
#include "state/state.hpp"

namespace belay::credentials {

/// One entry of a pool as it is now.
struct PoolEntry {
  std::string id;
  std::string identity;   ///< empty: not known yet
  bool available = true;  ///< false: no source yields a value
};

/// Takes a turn: advances the counters that all processes share. Of entries with one identity the first is kept; those
/// that are not available take no turns and come last, so that it can be told why.
std::vector<std::string> take_turn(const std::string& provider, Strategy strategy,
                                   const std::vector<PoolEntry>& entries, state::State& state, Random& random);

/// A request is made with it: what `least_used` counts.
void note_use(const std::string& provider, const std::string& id, state::State& state);

}  // namespace belay::credentials
