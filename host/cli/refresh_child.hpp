// The detached child that carries out one refresh, so that a one-shot command may end on time (its deadline, a Ctrl-C)
// without cutting a token request in flight: a refresh token whose reply is lost is a login that is lost.
//
// The child is this program again, `belay credential refresh-child`, in a session of its own. It inherits the
// environment (sources may name it), the working folder and two descriptors, nothing else: its standard streams are
// /dev/null, so that whoever waits for the end of our output does not wait for it. The request comes on descriptor 3;
// on descriptor 4 it answers "ready" once it can do the work, then the result. Nobody waits for it longer than they
// want to.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "credentials/store.hpp"
#include "spawn.hpp"

namespace belay::cli {

inline constexpr int refresh_request_fd = 3;
inline constexpr int refresh_result_fd = 4;
inline constexpr std::string_view refresh_ready = "ready\n";

/// How to start it: what the program uses; tests put another program there.
inline Program refresh_child() { return {.words = {"belay", "credential", "refresh-child"}}; }

/// Runs the leader part of a refresh in a child. nullopt: it could not be started or could not do the work, and nothing
/// has been sent: do it here. A child that ends after it was ready and without a result is failed_transient; what it
/// did is in the state. When `leaving` (a descriptor, or -1) becomes readable the child is left to itself:
/// failed_transient too. [worker thread, blocks]
std::optional<credentials::RefreshResult> refresh_in_child(const Program& child,
                                                           const credentials::RefreshRequest& request, int leaving);

}  // namespace belay::cli
