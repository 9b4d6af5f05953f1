#include "accept.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/log.hpp"

namespace belay::gateway {
namespace {

constexpr int most_at_once = 32;   // then others get their turn
constexpr Millis out_of_means{200};   // until descriptors or memory may be there again
constexpr Millis between_words{10'000};

/// An address and what is said about it.
struct Caller {
  sockaddr_storage address{};
  socklen_t size = sizeof address;

  [[nodiscard]] bool is_local() const {
    if (address.ss_family == AF_UNIX) return true;
    if (address.ss_family == AF_INET) return (ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr) >> 24) == 127;
    const auto& ip = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&ip) || (IN6_IS_ADDR_V4MAPPED(&ip) && ip.s6_addr[12] == 127);
  }

  [[nodiscard]] std::string text() const {
    char ip[INET6_ADDRSTRLEN] = "";
    if (address.ss_family == AF_INET) {
      const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
      ::inet_ntop(AF_INET, &v4.sin_addr, ip, sizeof ip);
      return std::string(ip) + ":" + std::to_string(ntohs(v4.sin_port));
    }
    if (address.ss_family != AF_INET6) return "unix";
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, ip, sizeof ip);
    return "[" + std::string(ip) + "]:" + std::to_string(ntohs(v6.sin6_port));
  }
};

bool is_unix(int fd) {
  Caller own;
  return ::getsockname(fd, reinterpret_cast<sockaddr*>(&own.address), &own.size) == 0 && own.address.ss_family == AF_UNIX;
}

}  // namespace

Entrance::Entrance(Hall& hall, int fd, bool local, std::shared_ptr<Tls> tls)
    : hall_(hall), fd_(fd), door_(is_unix(fd) ? Door::unix_socket : local ? Door::loopback : Door::open), tls_(std::move(tls)), again_(hall.loop, [this] { (void)open(); }) {}

/// Exclusive: of the workers that share a Unix socket one wakes up for a client.
Result<void> Entrance::open() {
  if (open_ || hall_.draining) return {};
  if (auto watching = hall_.loop.watch(fd_, EPOLLIN | EPOLLEXCLUSIVE, *this); !watching) return watching;
  open_ = true;
  return {};
}

void Entrance::close() {
  if (open_) hall_.loop.unwatch(fd_);
  open_ = false;
  again_.disarm();
}

void Entrance::use(std::shared_ptr<Tls> tls) {
  if (tls_) tls_ = std::move(tls);
}

void Entrance::on_ready(std::uint32_t) {
  for (int i = 0; i < most_at_once; ++i) {
    switch (accept_one()) {
      case Next::more: break;
      case Next::none: return;
      case Next::full: return close();
      case Next::short_of_means: return rest_a_while();
    }
  }
}

Entrance::Next Entrance::accept_one() {
  if (hall_.counts.open >= hall_.settings->max_connections) return Next::full;
  Caller caller;
  Fd fd(::accept4(fd_, reinterpret_cast<sockaddr*>(&caller.address), &caller.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) return Next::short_of_means;
    return errno == EAGAIN || errno == EWOULDBLOCK ? Next::none : Next::more;  // a client that left already, or an error of its network
  }
  if (door_ != Door::unix_socket) {
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  hall_.welcome(std::move(fd), {.door = door_, .local = door_ != Door::open || caller.is_local(), .tls = tls_.get(), .peer = caller.text()});
  return Next::more;
}

void Entrance::rest_a_while() {
  const int code = errno;
  close();
  if (const MonoTime now = hall_.loop.now(); told_ == MonoTime() || now - told_ > between_words) {
    told_ = now;
    log(LogLevel::warn, "gateway", "no descriptors or memory for another connection (" + errno_text(code) + "): clients wait; raise the limit of open files (LimitNOFILE)");
  }
  again_.arm_in(out_of_means);
}

}  // namespace belay::gateway
