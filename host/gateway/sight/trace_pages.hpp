// /belay/traces: what is asked for, and the list.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kept_ring.hpp"

namespace belay::gateway::sight {

/// "limit=50&outcome=failed&route=compression&id=01J..."; an error that says what may be asked for.
Result<TraceFilter> parse_filter(std::string_view query);

/// Of several workers: newest first, at most `limit`.
std::vector<KeptPtr> newest_of(std::vector<std::vector<KeptPtr>> parts, std::size_t limit);

/// {"traces":[...]}: summaries with their attempts and when each was under way.
std::string traces_json(const std::vector<KeptPtr>& traces);

}  // namespace belay::gateway::sight
