// Keys: who may call the gateway. Only digests are known; a presented key is hashed and compared with each of them in constant time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "limits.hpp"
#include "runtime/settings.hpp"

namespace belay::gateway {

struct Key {
  std::string name;
  Digest digest{};
  std::vector<std::string> routes;    ///< empty: all, and targets by name
  bool sight = false;
  std::shared_ptr<Meter> meter;       ///< null: no limit; kept over reloads

  [[nodiscard]] bool may_call(std::string_view route, bool direct) const;
};

/// Immutable. Safe from many threads.
class KeyRing {
 public:
  KeyRing(const std::vector<runtime::GatewayKey>& keys, Meters& meters);

  /// Nobody needs a key.
  [[nodiscard]] bool empty() const { return keys_.empty(); }
  /// The key that `presented` is, or nullptr. Always compares with all of them.
  [[nodiscard]] const Key* find(std::string_view presented) const;

 private:
  std::vector<Key> keys_;
};

/// What a request shows: Authorization: Bearer, x-api-key (Anthropic's clients), api-key (Azure's). Empty: none.
std::string_view presented_key(std::string_view authorization, std::string_view x_api_key, std::string_view api_key);

}  // namespace belay::gateway
