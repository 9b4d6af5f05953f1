// ConnectionPool: the direct connections of a client, and which of them a request gets.
#pragma once

#include <boost/intrusive/list.hpp>
#include <memory>
#include <span>
#include <vector>

#include "base/loop.hpp"
#include "base/origin.hpp"
#include "direct/connection.hpp"
#include "http/client.hpp"
#include "turn_end.hpp"

namespace belay::http {

template <typename Tag>
using IdleList = boost::intrusive::list<Connection, boost::intrusive::base_hook<IdleHook<Tag>>,
                                        boost::intrusive::constant_time_size<false>>;

/// One origin. Lives as long as an address or a connection refers to it.
struct Site {
  Origin origin;
  IdleList<OfSite> idle;  ///< the one used last first: it is warm, and the others get old enough to be closed
};

/// Everything here is O(1) in the number of connections. [loop thread]
class ConnectionPool {
 public:
  /// By default an idle one is closed after a minute: something on the way may have forgotten it and not say so.
  ConnectionPool(Loop& loop, std::size_t most_idle, Millis most_idle_time = Millis(60'000));
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  /// An idle one, or null.
  Connection* take(Site& site);
  /// A new one, or null when the loop cannot watch it. `generation` as of when it began to be made.
  Connection* add(std::shared_ptr<Site> site, Fd fd, std::uint64_t generation);
  /// It is idle now.
  void give_back(Connection& connection);
  /// Takes it out; it is freed at the end of the turn.
  void bury(Connection& connection);

  /// None that exists now is used again.
  void retire_all();
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

  /// Where all connections read to, one after the other: `kept` bytes from before, and room for `more`.
  std::span<char> room(std::string_view kept, std::size_t more);
  /// Where all heads are read to.
  [[nodiscard]] Head& head() { return head_; }
  [[nodiscard]] Loop& loop() { return loop_; }

 private:
  void sweep();

  Loop& loop_;
  std::size_t most_idle_, idle_count_ = 0;
  Millis most_idle_time_;
  std::uint64_t generation_ = 0;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::unique_ptr<Connection>> buried_;
  IdleList<OfPool> idle_;  // the one that fell idle last first
  std::unique_ptr<char[]> buffer_;
  std::size_t buffer_size_ = 0;
  Head head_;
  Timer sweep_timer_;
  TurnEnd empty_graveyard_;
};

}  // namespace belay::http
