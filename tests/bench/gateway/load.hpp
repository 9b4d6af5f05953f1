// What the load is asked for, and what its three kinds share.
#pragma once

#include <string>
#include <vector>

#include "net.hpp"

namespace belay::bench {

struct Order {
  int port = 0;
  std::string request;          ///< the bytes of one whole HTTP request
  std::string expect;           ///< stands in the body of every right reply
  int connections = 1;          ///< or streams
  long count = 0;               ///< requests in all; 0: as many as `seconds` allow
  double seconds = 1;
  int chunks = 0;               ///< of a stream
};

/// Nothing came for this long: the proxy hangs, and so would the bench.
constexpr std::int64_t patience_ns = 20'000'000'000;

int run_requests(const Order& order);
int run_streams(const Order& order);
int run_hold(const Order& order);

/// A connected, non-blocking socket.
inline int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die_of_errno("cannot connect to port " + std::to_string(port));
  no_delay(fd);
  if (::fcntl(fd, F_SETFL, O_NONBLOCK) != 0) die_of_errno("fcntl");
  return fd;
}

/// Microseconds below which `part` of the samples lie.
double quantile(std::vector<std::int64_t>& ns, double part);

}  // namespace belay::bench
