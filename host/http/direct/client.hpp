// DirectClient: the way of plain http origins that are reached without a proxy, past libcurl. It costs an eighth of
// libcurl's instructions for a request and a sixteenth of its memory for a held stream
// (host/notes/0005-direct-connections.md). Handlers cannot tell which way a reply came.
#pragma once

#include <boost/intrusive/list.hpp>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/loop.hpp"
#include "direct/exchange.hpp"
#include "direct/pool.hpp"
#include "direct/resolver.hpp"
#include "headers.hpp"
#include "http/client.hpp"
#include "turn_end.hpp"

namespace belay::http {

/// [loop thread]
class DirectClient {
 public:
  DirectClient(Loop& loop, const ClientOptions& options);
  ~DirectClient();
  DirectClient(const DirectClient&) = delete;
  DirectClient& operator=(const DirectClient&) = delete;

  /// Whether a request with these headers may go this way.
  static bool serves(const Address& address, const HeaderLines& lines);
  /// Takes a checked request. It goes out at the end of the turn.
  std::unique_ptr<Transfer> start(std::shared_ptr<Address> address, const Request& request, HeaderLines& lines,
                                  Handler& handler);
  void drop_idle() { pool_.retire_all(); }

  // ---- for its exchanges
  /// It departs at the end of the turn.
  void queue(DirectExchange& exchange);
  /// It wakes at the end of the turn.
  void wake(DirectExchange& exchange);
  [[nodiscard]] Loop& loop() { return pool_.loop(); }
  [[nodiscard]] ConnectionPool& pool() { return pool_; }
  [[nodiscard]] Resolver& resolver() { return resolver_; }

 private:
  template <typename Tag>
  using List = boost::intrusive::list<DirectExchange, boost::intrusive::base_hook<ExchangeHook<Tag>>,
                                      boost::intrusive::constant_time_size<false>>;

  std::shared_ptr<Site> site(const Address& address);
  void turn();

  Resolver resolver_;
  ConnectionPool pool_;
  std::unordered_map<std::string, std::weak_ptr<Site>> sites_;
  List<OfClient> exchanges_;
  List<OfTurn> departing_, waking_;
  TurnEnd turn_end_;
};

}  // namespace belay::http
