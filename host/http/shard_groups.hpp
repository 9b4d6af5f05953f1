// ShardGroups: which multi handle a request runs in, and how many connections and handles are kept.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/loop.hpp"
#include "http/client.hpp"
#include "shard.hpp"
#include "turn_end.hpp"

namespace belay::http {

/// The shards for one set of trusted CAs (libcurl keeps one parsed set a multi handle), filled first to last.
class ShardGroup {
 public:
  std::vector<std::unique_ptr<Shard>> shards;
  std::size_t first_free = 0;  ///< all before it are full
};

/// [loop thread]
class ShardGroups final : public ShardOwner {
 public:
  ShardGroups(Loop& loop, ClientOptions options);

  /// Where the next request to `address` runs.
  Shard& place(Address& address);
  /// No later request uses a connection that exists now; the idle ones close with the last exchange of their shard.
  void retire_all();

 private:
  void left(Shard& shard, std::unique_ptr<Exchange> exchange, std::shared_ptr<Address> address) override;
  void sweep();
  void retire(Shard& shard);
  [[nodiscard]] std::size_t idle() const;

  Loop& loop_;
  ClientOptions options_;
  std::size_t open_ = 0;     // connections
  std::size_t running_ = 0;  // exchanges
  std::map<std::string, ShardGroup> groups_;
  std::vector<std::unique_ptr<Shard>> retired_;
  Timer sweep_timer_;
  TurnEnd bury_;  // retired shards, when they are not on the stack
};

}  // namespace belay::http
