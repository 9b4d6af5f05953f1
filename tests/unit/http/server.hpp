// Server: a real TCP (or TLS) server on loopback whose behaviour is a function, one thread a connection.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace belay::http::test {

/// Longer than anything takes on a slow machine; only a failing test waits for it.
constexpr std::chrono::seconds patience{20};

/// One moment that a test waits for.
class Flag {
 public:
  void set();
  /// False when it was not set within `patience`.
  bool wait();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;
};

struct Seen {
  std::string line;  ///< "POST /v1 HTTP/1.1"
  std::string head;  ///< with line ends
  std::string body;
  /// The value of a header (lower-case name), or nullopt.
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

/// The server's end of one connection.
class Peer {
 public:
  Peer(int fd, SSL_CTX* tls, int number);
  ~Peer();
  /// TLS handshake, where there is one.
  bool greet();
  /// The next request, or nothing when the client has gone.
  std::optional<Seen> request();
  /// False when the client has gone.
  bool send(std::string_view text);
  /// A whole reply with Content-Length. `more`: further header lines.
  bool reply(std::string_view body, std::string_view status = "200 OK", std::string_view more = "");
  /// True when the client has closed the connection, within `patience`.
  bool gone();
  /// Ends it with RST.
  void reset();
  /// Bytes that could be sent before the client's side was full for `still`.
  std::size_t send_until_full(std::chrono::milliseconds still, std::size_t most);
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] int number() const { return number_; }  ///< from 1, of the server's connections

 private:
  std::ptrdiff_t read(char* to, std::size_t size);
  bool more();

  int fd_;
  SSL* ssl_ = nullptr;
  int number_;
  std::string pending_;
};

class Server {
 public:
  using Script = std::function<void(Peer&)>;
  explicit Server(Script script, SSL_CTX* tls = nullptr);
  /// Cuts what is open and waits for the scripts.
  ~Server();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] std::string url(std::string_view path = "/") const { return origin() + std::string(path); }
  [[nodiscard]] int connections() const { return connections_; }

  /// All requests answered alike, on connections that stay open.
  static Script always(std::string body, std::string status = "200 OK", std::string more = "");

 private:
  void accept_all();

  Script script_;
  SSL_CTX* tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> closing_{false};
  std::mutex mutex_;
  std::list<int> open_;
  std::vector<std::thread> scripts_;
  std::thread acceptor_;
};

/// A listening socket that nobody accepts from, its queue full: connecting to it gets no answer.
class FullListener {
 public:
  /// `host` is an address of the loopback network in host order; port 0: any.
  explicit FullListener(std::uint32_t host = 0x7f000001, std::uint16_t port = 0);
  ~FullListener();
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  int listener_ = -1;
  std::vector<int> fillers_;
  std::uint16_t port_ = 0;
};

/// A port nobody listens on.
std::uint16_t closed_port();

}  // namespace belay::http::test
