// Loading the plugin into a host that is not the usual one: without services, or with its tables on pages of their own. (open_subject() is the usual way.)
#pragma once

#include "drive/subject.hpp"

namespace belay::conform {

/// Maps the plugin of the setup, greets it with `hello` (and what that points to, which must live for ever), picks the provider under test, reads its cassettes.
/// Fails the check where the plugin does not get that far. For checks with `own_host`.
void greet(const Case&, Subject&, const belay_hello& hello);

}  // namespace belay::conform
