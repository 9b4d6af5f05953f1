#include "keys.hpp"

#include <algorithm>
#include <cctype>

namespace belay::gateway {
namespace {

Digest digest_of(std::string_view hex) {
  const auto digit = [](char c) { return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); };
  Digest out{};
  for (std::size_t i = 0; i < out.size() && 2 * i + 1 < hex.size(); ++i) out[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  return out;
}

/// As many as are looked at in less time than a digest takes.
constexpr std::size_t most_recent = 8;

/// Constant-time in what the bytes are.
template <typename Bytes>
bool equal(const Bytes& a, const Bytes& b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

}  // namespace

bool Key::may_call(std::string_view route, bool direct) const {
  if (routes.empty()) return true;
  return !direct && std::find(routes.begin(), routes.end(), route) != routes.end();
}

KeyRing::KeyRing(const std::vector<runtime::GatewayKey>& keys, Meters& meters) {
  for (const auto& key : keys) keys_.push_back({key.name, digest_of(key.sha256), key.routes, key.sight, meters.of(key)});
}

const Key* KeyRing::find(std::string_view presented) const {
  const Digest digest = sha256(presented);
  const Key* found = nullptr;
  for (const auto& key : keys_) {
    if (equal(key.digest, digest)) found = &key;
  }
  return found;
}

const Key* RecentKeys::find(const KeyRing& ring, std::string_view presented) {
  for (const auto& recent : recent_) {
    if (equal(recent.value.reveal(), presented)) return recent.key;
  }
  const Key* const key = ring.find(presented);
  if (key == nullptr) return nullptr;
  Recent latest{Secret(presented), key};
  if (recent_.size() < most_recent) {
    recent_.push_back(std::move(latest));
  } else {
    recent_[oldest_] = std::move(latest);
    oldest_ = (oldest_ + 1) % most_recent;
  }
  return key;
}

std::string_view presented_key(std::string_view authorization, std::string_view x_api_key, std::string_view api_key) {
  constexpr std::string_view bearer = "bearer ";
  const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == b; };
  if (authorization.size() > bearer.size() && std::equal(bearer.begin(), bearer.end(), authorization.begin(), [&](char b, char a) { return same(static_cast<unsigned char>(a), static_cast<unsigned char>(b)); })) {
    authorization.remove_prefix(bearer.size());
    while (authorization.starts_with(' ')) authorization.remove_prefix(1);
    return authorization;
  }
  return x_api_key.empty() ? api_key : x_api_key;
}

}  // namespace belay::gateway
