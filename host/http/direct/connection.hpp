// Connection: one socket to one origin, and the reply that is being read from it. Between replies it stays in epoll for
// reading, so that a request costs no epoll_ctl, and a server that hangs up is noticed at once.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/file.hpp"
#include "base/loop.hpp"
#include "base/time.hpp"
#include "direct/reply_parser.hpp"

namespace belay::http {

class ConnectionPool;
class DirectExchange;
struct Site;

struct OfSite {};
struct OfPool {};
template <typename Tag>
using IdleHook = boost::intrusive::list_base_hook<boost::intrusive::tag<Tag>,
                                                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Carries one exchange at a time. Owned by the pool, which frees it when nothing of it is on the stack any more.
/// [loop thread]
class Connection final : private Watcher, public IdleHook<OfSite>, public IdleHook<OfPool> {
 public:
  Connection(ConnectionPool& pool, std::shared_ptr<Site> site, Fd fd);
  ~Connection() override;

  /// False: the loop cannot watch it.
  bool watch();
  /// Its next reply is for `exchange`.
  void carry(DirectExchange& exchange, ReplyParser::Body body, std::size_t header_limit);
  /// Sends what the exchange has to send, as far as the socket takes it.
  void push();
  /// The exchange has enough: what it had to send is dropped, and the connection with it when the reply is over.
  void stop_sending() { sending_ = Sending::stopped; }
  /// Reads on after a pause.
  void go_on();
  /// The exchange is done with it. `whole`: its reply was read to the end.
  enum class Reply : std::uint8_t { whole, broken };
  void let_go(Reply reply);
  /// Closes the socket at once.
  void close();

  /// Whether an exchange is on it; asked after a handler was called, which may have destroyed that exchange.
  [[nodiscard]] bool busy() const { return exchange_ != nullptr; }
  /// Nothing is held back in the socket by a pause.
  [[nodiscard]] bool watched() const { return events_ != 0; }
  [[nodiscard]] bool sent_all() const { return sending_ == Sending::done; }
  [[nodiscard]] Site& site() const { return *site_; }
  [[nodiscard]] DirectExchange* exchange() const { return exchange_; }

  // Kept by the pool.
  std::size_t slot = 0;
  std::uint64_t generation = 0;
  MonoTime idle_since{};

 private:
  enum class Sending : std::uint8_t { under_way, done, stopped };

  void on_ready(std::uint32_t events) override;
  bool want(std::uint32_t events);
  void read();
  void parse(std::span<char> bytes);
  void parse_body(std::span<char> bytes);
  void keep(std::span<const char> rest);
  void ended(int error);
  [[nodiscard]] bool reusable() const;

  ConnectionPool& pool_;
  std::shared_ptr<Site> site_;
  Fd fd_;
  DirectExchange* exchange_ = nullptr;
  ReplyParser parser_;
  std::string rest_;  // read, but not to be understood before more comes
  std::uint32_t events_ = 0;
  int send_error_ = 0;
  Sending sending_ = Sending::done;
  bool used_ = false;   // it has carried a whole reply
  bool begun_ = false;  // a byte of this reply has come
  bool head_read_ = false;
};

}  // namespace belay::http
