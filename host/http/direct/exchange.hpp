// DirectExchange: one request on a direct connection, and what its handler hears of the reply. It is the Transfer that
// the caller holds; what only some requests need (a dial, a decoder, held-back bytes) is allocated for those alone,
// since thousands of streams may be held for hours.
#pragma once

#include <sys/uio.h>

#include <array>
#include <boost/intrusive/list.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "address.hpp"
#include "direct/connection.hpp"
#include "direct/dial.hpp"
#include "direct/inflater.hpp"
#include "direct/request_head.hpp"
#include "http/client.hpp"

namespace belay::http {

class DirectClient;

struct OfClient {};
struct OfTurn {};
template <typename Tag>
using ExchangeHook = boost::intrusive::list_base_hook<boost::intrusive::tag<Tag>,
                                                      boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// [loop thread]
class DirectExchange final : public Transfer,
                             public ExchangeHook<OfClient>,
                             public ExchangeHook<OfTurn>,
                             private Dial::Owner {
 public:
  static constexpr std::size_t parts = 3;

  DirectExchange(DirectClient& client, std::shared_ptr<Address> address, std::shared_ptr<const RequestHead> head,
                 const Request& request, Handler& handler);
  /// Cancels.
  ~DirectExchange() override;
  void resume() override;

  // ---- called at the end of the loop's turn
  /// Takes a connection, or has one made, and sends.
  void depart();
  /// Ends the pause.
  void wake();
  /// The client goes away.
  void abandon();

  // ---- called by its connection. After the last five, it and the connection's tie to it may be gone.
  std::size_t unsent(std::array<iovec, parts>& out) const;
  void sent(std::size_t bytes) { sent_ += bytes; }
  [[nodiscard]] bool paused() const { return paused_; }
  /// Bytes to read at a time.
  [[nodiscard]] std::size_t read_size() const;
  void take_head(const Head& head);
  void take_body(std::string_view bytes);
  /// The last bytes of the body, and how it ended.
  void take_end(std::string_view bytes, Failure failure, const std::string& what);
  void fail(Failure failure, const std::string& what);
  /// The connection was dead before it could carry this: once more, on a new one.
  void send_anew();

 private:
  enum class Coding : std::uint8_t { none, known, unknown };

  void dialed(Fd connected) override;
  void not_dialed(Failure failure, const std::string& what) override;
  void go_out_on(Connection& connection);
  void take_redirect(const Head& head);
  void show_head(const Head& head);
  bool deliver(std::string_view bytes);
  bool inflate(std::string_view bytes);
  bool hand_over(std::string_view piece);
  bool skip(std::string_view bytes);
  void follow(Connection::Reply reply);
  void conclude();
  void settle(Failure failure, const std::string& what);

  DirectClient& client_;
  Handler* handler_;
  Connection* connection_ = nullptr;

  // The request.
  std::shared_ptr<Address> address_;
  std::shared_ptr<const RequestHead> head_;
  std::shared_ptr<const std::string> body_;
  std::size_t sent_ = 0;
  std::size_t max_header_bytes_, max_body_bytes_;
  Millis connect_timeout_;
  std::uint64_t dial_generation_ = 0;
  std::string head_rest_;
  bool to_head_ = false;  // the method is HEAD

  // How far it is.
  bool fresh_ = false;      // only a new connection will do
  bool shown_ = false;      // on_head was called
  bool paused_ = false;     // by the handler
  bool following_ = false;  // reading the rest of a reply that will be followed
  Coding coding_ = Coding::none;
  std::size_t received_ = 0;
  std::unique_ptr<Dial> dial_;
  std::unique_ptr<Inflater> inflater_;
  std::unique_ptr<CheckedUrl> hop_;  // where a redirect led
  std::string held_;                 // of the body, read before the handler paused
  std::optional<Done> end_;          // of the reply, when the handler has not heard it yet
};

}  // namespace belay::http
