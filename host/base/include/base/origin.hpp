// Origin (RFC 6454): scheme, host and port; what a secret is bound to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace belay {

/// The parts of an absolute http(s) URL that belay decides on. Host and scheme are lower case; the port is always explicit.
struct Origin {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< "api.example.org", "127.0.0.1", "[::1]"
  std::uint16_t port = 0;

  friend bool operator==(const Origin&, const Origin&) = default;
  /// "https://api.example.org" (default port left out) or "http://127.0.0.1:9001".
  [[nodiscard]] std::string text() const;
};

/// Refuses other schemes, user info in the URL, empty hosts, bad ports and control characters.
Result<Origin> origin_of(std::string_view url);

/// `pattern` is an origin whose host may begin with "*." for any label chain ("https://*.googleapis.com").
bool origin_matches(const Origin& origin, std::string_view pattern);

}  // namespace belay
