// When a token that nobody told us about runs out: what a JWT, or the file it stands in, says by itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/time.hpp"

namespace belay::credentials {

struct Lifetime {
  std::optional<UnixMs> expires;
  std::optional<UnixMs> issued;
};

/// `exp` and `iat` of a JWT (RFC 7519), read without checking its signature: it only decides when we renew, upstream
/// decides what it is worth. Empty for anything that is no JWT.
Lifetime jwt_lifetime(std::string_view token);

/// A moment as login files write it: RFC 3339 text, or seconds or milliseconds since 1970 as number or text.
std::optional<UnixMs> read_moment(const json::Value& value);

/// The expiry that stands beside the token at `pointer` of a login file, under one of the names in use (expires_at,
/// expiry_date, ...).
std::optional<UnixMs> expiry_beside(const json::Value& document, std::string_view pointer);
/// The name of that member; empty when there is none.
std::string expiry_member_beside(const json::Value& document, std::string_view pointer);

}  // namespace belay::credentials
