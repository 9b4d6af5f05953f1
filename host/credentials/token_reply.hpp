// Replies of a token endpoint (RFC 6749 5.1, 5.2), read strictly: what cannot be understood changes nothing.
#pragma once

#include "base/time.hpp"
#include "credentials/refresh.hpp"

namespace belay::credentials {

/// 200 with an access token: `refreshed` with "secret", perhaps "refresh_token", and the expiry. OAuth errors:
/// `failed_permanent` or `needs_interaction`. Anything else, redirects and HTML too: `failed_transient`.
HookOutput read_token_reply(const HttpReply& reply, UnixMs now);

/// Milliseconds that a Retry-After header asks for, in seconds or as a date; nullopt when absent, unreadable or in the
/// past.
std::optional<Millis> retry_after(const HttpReply& reply, UnixMs now);

}  // namespace belay::credentials
