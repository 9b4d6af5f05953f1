// Names that only the tests' resolver knows. They stand before the C library's getaddrinfo, since neither a lookup that
// hangs nor a host with several addresses can be had on demand.
#pragma once

#include <string>
#include <vector>

#include "server.hpp"

namespace belay::http::test {

/// A lookup that has begun and does not come back before it may. A resolver's thread may be in it until the end of the
/// program, so it is never destroyed.
struct HangingLookup {
  Flag begun, may_end;
};

/// From now on `host` has these addresses; none: it does not exist.
void give_name(const std::string& host, std::vector<std::string> addresses);
/// From now on looking up `host` hangs.
HangingLookup& hang_name(const std::string& host);
/// How often `host` was looked up.
int lookups_of(const std::string& host);

}  // namespace belay::http::test
