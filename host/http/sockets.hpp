// Sockets: libcurl's wishes about descriptors, passed on to the loop with as few epoll_ctl calls as can be.
//
// libcurl withdraws its interest after every transfer and declares it again for the next one on the same connection. A
// descriptor that was only read from therefore stays in epoll: it is forgotten when libcurl closes it, or when it
// becomes ready while nobody wants it (the server hung up on an idle connection, or a paused transfer has more to
// read). That is only safe for descriptors whose closing we are told of, so libcurl's others (the resolver's) are
// dropped as soon as it says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "base/loop.hpp"
#include "curl.hpp"

namespace belay::http {

/// Gets readiness in libcurl's words (CURL_CSELECT_*).
class SocketListener {
 public:
  virtual ~SocketListener() = default;
  virtual void on_socket(curl_socket_t fd, int ready) = 0;
};

/// The descriptors of one multi handle. [loop thread]
class Sockets {
 public:
  /// `open_total` counts those of all multi handles of the client.
  Sockets(Loop& loop, SocketListener& listener, std::size_t& open_total);
  ~Sockets();
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  /// CURLMOPT_SOCKETFUNCTION. False: the loop cannot watch it.
  bool want(curl_socket_t fd, int what);
  /// CURLOPT_OPENSOCKETFUNCTION and CURLOPT_CLOSESOCKETFUNCTION. Close-on-exec, since commands are run from this
  /// process.
  curl_socket_t open(const curl_sockaddr& address);
  int close(curl_socket_t fd);
  /// Connections open or being opened.
  [[nodiscard]] std::size_t open_count() const { return open_; }

 private:
  struct Watched;
  void drop(curl_socket_t fd);

  Loop& loop_;
  SocketListener& listener_;
  std::unordered_map<curl_socket_t, std::unique_ptr<Watched>> watched_;
  std::size_t open_ = 0;
  std::size_t& open_total_;
};

}  // namespace belay::http
