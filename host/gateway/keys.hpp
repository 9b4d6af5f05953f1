// Keys: who may call the gateway. Only digests are configured; a presented key is hashed and compared with each of them in constant time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/secret.hpp"
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

/// The keys that were shown last to one worker, so that those who call all the time are not hashed each time. They are held as the Secrets that they are
/// (which also keeps them out of logs), and compared in constant time; what is not among them goes to the ring. [its loop thread]
class RecentKeys {
 public:
  /// As ring.find(). The key lives as long as the ring.
  const Key* find(const KeyRing& ring, std::string_view presented);
  /// Another ring is in force.
  void clear() { recent_.clear(); }

 private:
  struct Recent {
    Secret value;
    const Key* key;
  };
  std::vector<Recent> recent_;
  std::size_t oldest_ = 0;
};

/// What a request shows: Authorization: Bearer, x-api-key (Anthropic's clients), api-key (Azure's). Empty: none.
std::string_view presented_key(std::string_view authorization, std::string_view x_api_key, std::string_view api_key);

}  // namespace belay::gateway
