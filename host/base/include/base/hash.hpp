// SHA-256 and HMAC-SHA-256 (FIPS 180-4, RFC 2104) through OpenSSL, and the text forms of binary values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace belay {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view data);
Digest hmac_sha256(std::string_view key, std::string_view data);

std::string to_hex(std::string_view bytes);
std::string to_hex(const Digest& digest);

std::string base64(std::string_view bytes);                               ///< RFC 4648, with padding
std::optional<std::string> base64_decode(std::string_view text);         ///< standard or URL-safe alphabet, padding optional

/// `size` bytes from the kernel's CSPRNG.
std::string random_bytes(std::size_t size);

/// ULID: 26 characters of Crockford base32, sortable by time; unique across processes.
std::string make_ulid(std::int64_t unix_ms);

}  // namespace belay
