// What may become of a redirect: the one place that both ways of sending ask.
#pragma once

#include <cstddef>
#include <cstdint>

#include "address.hpp"
#include "base/result.hpp"
#include "http/client.hpp"

namespace belay::http {

/// The body of a redirect that is followed is read to keep its connection; not further than this.
constexpr std::size_t most_redirect_bytes = 64u << 10;

enum class Hop : std::uint8_t { first, second };

[[nodiscard]] inline bool is_redirect(int status) { return status >= 300 && status < 400; }

/// Where the same request goes next: a 307 or 308 within the origin of `from` is followed once, whatever the caller's
/// secrets are bound to. The error says why it is not followed, and names no path.
Result<CheckedUrl> follow_redirect(const Head& head, const CheckedUrl& from, Hop hop);

}  // namespace belay::http
