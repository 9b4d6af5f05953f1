// Shard: one curl multi handle on the loop, with the exchanges in it. A client has several, since libcurl looks at
// every connection in use to a host whenever it needs one: 9,000 held streams in one multi handle make a request 17
// times as dear, in 141 of them hardly at all.
//
// Inside libcurl (curl_multi_socket_action, curl_easy_pause) handlers are called, and libcurl forbids most calls from
// there. So everything that callers ask for - start, resume - is noted and done once at the end of the loop's turn; a
// cancelled exchange leaves at once, or as soon as libcurl has returned.
#pragma once

#include <memory>
#include <vector>

#include "base/loop.hpp"
#include "curl.hpp"
#include "exchange.hpp"
#include "gate.hpp"
#include "sockets.hpp"
#include "turn_end.hpp"

namespace belay::http {

/// What a shard tells its owner.
class ShardOwner {
 public:
  virtual ~ShardOwner() = default;
  /// An exchange has left; `exchange` may be used again for `address`.
  virtual void left(Shard& shard, std::unique_ptr<Exchange> exchange, std::shared_ptr<Address> address) = 0;
};

class ShardGroup;

/// [loop thread]
class Shard final : private SocketListener {
 public:
  Shard(Loop& loop, ShardOwner& owner, std::size_t& open_total, std::size_t idle_connections);
  ~Shard() override;
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  /// Runs it from the end of this turn on.
  void enter(std::unique_ptr<Exchange> exchange);
  /// Its ticket was destroyed.
  void leave(Exchange& exchange);
  /// Its pause ends.
  void wake(Exchange& exchange);
  /// Its connection stands, the request goes out now. [inside libcurl]
  void connected(Exchange& exchange);

  /// How many connections it may keep open when one falls idle, running ones included.
  void keep_connections(std::size_t connections);
  [[nodiscard]] std::size_t size() const { return exchanges_.size(); }
  [[nodiscard]] Sockets& sockets() { return sockets_; }

  // Kept by shard_groups.cpp.
  ShardGroup* group = nullptr;  ///< null: retired
  std::size_t index = 0;        ///< in its group
  bool used_since_sweep = true;

 private:
  static int socket_wanted(CURL*, curl_socket_t fd, int what, void* shard, void*);
  static int timer_wanted(CURLM*, long ms, void* shard);
  void on_socket(curl_socket_t fd, int ready) override;

  void turn();
  void let_go(Exchange& exchange);
  void wait_at_gate(Exchange& exchange);
  void gate_timed_out(Exchange& exchange);
  void wake_all();
  void act(curl_socket_t fd, int ready);
  void expired();
  void unwatchable(Exchange& exchange);
  void drain();
  void settle(Exchange& exchange, CURLcode code);
  void withdraw(Exchange& exchange);
  void nudge(int port);
  void report(Exchange& exchange);
  void recycle(Exchange& exchange);
  void unlist(Exchange& exchange);

  Loop& loop_;
  ShardOwner& owner_;
  Sockets sockets_;  // before multi_: closing it calls back
  Multi multi_;
  Timer timer_;
  TurnEnd turn_end_;
  Gates gates_;
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  std::vector<Exchange*> queued_, starting_, waking_, leaving_;
  std::vector<int> nudged_;  // local ports of connections with something to tell their server
  std::size_t kept_connections_;
  bool inside_ = false;   // libcurl is at work
  bool due_ = false;      // it wants to be called at the end of this turn
  bool serving_ = false;  // that end has come, and the call will follow
};

}  // namespace belay::http
