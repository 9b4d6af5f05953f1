// Explain: what a call would do, from the same chain, holds and table that a call runs; sends nothing and changes nothing.
#pragma once

#include "engine.hpp"

namespace belay::runtime {

Explanation explain(Engine& engine, const fallback::Chain& chain);

/// The upper bound of requests that one call makes to `target`.
int most_requests(const fallback::RouteSettings& route, std::size_t credentials, std::size_t refreshable);

}  // namespace belay::runtime
