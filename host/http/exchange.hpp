// Exchange: one pooled easy handle, and the request it carries. The handle is set up once for its address and never
// reset; between requests only what differs is set again (reference figures: a reset costs 6 % of a request, a new
// handle 15 %).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "address.hpp"
#include "base/loop.hpp"
#include "curl.hpp"
#include "head_reader.hpp"
#include "headers.hpp"
#include "http/client.hpp"

namespace belay::http {

class Exchange;
class Shard;

/// What the caller holds. Points to its exchange until the last call to its handler.
class Ticket final : public Transfer {
 public:
  explicit Ticket(Exchange& exchange) : exchange_(&exchange) {}
  ~Ticket() override;
  void resume() override;
  void detach() { exchange_ = nullptr; }

 private:
  Exchange* exchange_;
};

class Exchange {
 public:
  /// Where it is, as its shard sees it.
  enum class Stage : std::uint8_t {
    spare,    ///< in its address's pool
    queued,   ///< goes out at the end of this turn
    gated,    ///< waits for another one to connect (gate.hpp)
    passed,   ///< like queued, and done with waiting
    running,  ///< in the multi handle
    held,     ///< over, but the handler has paused it
  };
  enum class Next : std::uint8_t { report, hold, again };

  Exchange(const Address& address, CURLSH* share);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Takes a checked request; `shard` will run it.
  void begin(std::shared_ptr<Address> address, const Request& request, std::shared_ptr<HeaderLines> lines,
             Handler& handler, Shard& shard);
  void bind(Ticket& ticket) { ticket_ = &ticket; }
  /// libcurl is done with it. report: take_done() is due; hold: once resumed; again: a redirect is followed, run it
  /// once more.
  Next ended(CURLcode code);
  /// Ends it for a reason found outside of libcurl.
  void fail(Failure failure, const std::string& what);
  [[nodiscard]] bool failed() const { return verdict_.has_value(); }
  /// Back to what the next request expects; cuts the tie to the ticket. Returns the address whose pool it belongs to.
  std::shared_ptr<Address> finish();

  /// The ticket was destroyed: no further call to the handler.
  void abandon();
  [[nodiscard]] bool abandoned() const { return ticket_ == nullptr; }
  /// The handler's pause ends.
  void resume();
  /// Same, inside the shard's turn, where the handler may be called; it may pause again.
  CURLcode unpause();
  [[nodiscard]] bool paused() const { return paused_; }
  /// When it ends early, its connection is closed unless others use it: libcurl would keep an HTTP/2 one, and the word
  /// that the stream is over (RST_STREAM) with it.
  void close_connection();
  /// The local port of the HTTP/2 connection that it may share with others (libcurl tells no other name of a connection
  /// in use); 0: none.
  [[nodiscard]] int shared_port() const { return address_->spoken == Spoken::http2 ? local_port_ : 0; }

  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  [[nodiscard]] Address& address() const { return *address_; }
  [[nodiscard]] Shard& shard() const { return *shard_; }
  [[nodiscard]] Handler& handler() const { return *handler_; }
  [[nodiscard]] Done take_done() { return std::move(*verdict_); }
  /// What is left of connect_timeout after time spent behind a gate.
  void set_connect_timeout(Millis left);
  [[nodiscard]] Millis connect_timeout() const { return connect_timeout_; }

  // Kept by the shard.
  Stage stage = Stage::spare;
  std::size_t slot = 0;                  ///< its place among the shard's exchanges
  bool waking = false, leaving = false;  ///< stands in the shard's lists of that name
  std::unique_ptr<Timer> gate_timer;     ///< made for the first wait at a gate
  MonoTime connect_by{};                 ///< when that wait ends

 private:
  friend struct EasyCallbacks;

  void set_up(const Address& address, CURLSH* share);
  void set_headers(std::string_view traceparent);
  void set_body(std::string_view method);
  void set_method(std::string_view method);
  void set_buffers();
  bool take_header(std::string_view line);
  bool stop();
  bool take_head();
  bool take_redirect();
  bool show_head();
  bool take_body(std::string_view piece);
  bool keep_back(std::string_view piece);
  bool hand_over(std::string_view piece);
  void release_sent_body();

  // The handle, and how it is set up at the moment.
  Easy easy_;
  char curl_words_[CURL_ERROR_SIZE];
  std::string method_;       ///< of CURLOPT_CUSTOMREQUEST; "": none set
  Shard* opener_ = nullptr;  ///< whose sockets it opens
  long connect_timeout_ms_ = 0, buffer_size_ = 0, upload_size_ = 0;
  bool closes_ = false;  ///< CURLOPT_FORBID_REUSE

  // The request it carries: only what is needed, since it may be held for hours.
  std::shared_ptr<Address> address_;
  Shard* shard_ = nullptr;
  Ticket* ticket_ = nullptr;
  Handler* handler_ = nullptr;
  std::shared_ptr<HeaderLines> lines_;
  std::string trace_line_;  ///< "traceparent: ...", in front of the others; empty: none
  curl_slist trace_node_{};
  std::shared_ptr<const std::string> body_;
  std::size_t body_size_ = 0, max_header_bytes_ = 0, max_body_bytes_ = 0;
  Millis connect_timeout_{};

  // How far it is.
  HeadReader head_;
  std::size_t received_ = 0;
  std::optional<Done> verdict_;    ///< found before libcurl ended it, or after
  std::optional<CheckedUrl> hop_;  ///< where the followed redirect led
  bool following_ = false;         ///< reading the rest of a reply that will be followed
  int local_port_ = 0;             ///< of the connection the request went out on; 0: not yet
  bool shown_ = false;             ///< on_head was called
  bool paused_ = false;            ///< by the handler
  bool stopped_ = false;           ///< libcurl was told so
  bool http2_ = false;
  std::string backlog_;  ///< HTTP/2: what came during the pause
};

/// The functions libcurl calls; each gets its Exchange or Shard as user pointer.
struct EasyCallbacks {
  static std::size_t header(char* data, std::size_t one, std::size_t size, void* exchange);
  static std::size_t body(char* data, std::size_t one, std::size_t size, void* exchange);
  static int before_request(void* exchange, char*, char*, int, int);
  static curl_socket_t open_socket(void* shard, curlsocktype, curl_sockaddr* address);
  static int close_socket(void* shard, curl_socket_t fd);
};

}  // namespace belay::http
