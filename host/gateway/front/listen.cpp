#include "listen.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>

namespace belay::gateway {
namespace {

struct Place {
  std::string host, port;
};

Result<Place> split(std::string_view address) {
  const std::string quoted = "\"" + std::string(address) + "\"";
  const std::string right = " (\"127.0.0.1:7077\", \"[::1]:7077\" or \"unix:/run/belay/belay.sock\" would be right)";
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return fail("cannot listen on " + quoted + ": it must be host and port" + right);
  auto host = address.substr(0, colon);
  const auto port = address.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return fail("cannot listen on " + quoted + ": an IPv6 address stands in brackets" + right);
  }
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number > 65535) return fail("cannot listen on " + quoted + ": the port must be a number up to 65535" + right);
  return Place{std::string(host), std::string(port)};
}

using Found = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

/// A name may have several addresses; IPv4 is taken first, since that is what "localhost" means to most clients' settings.
const addrinfo* choose(const addrinfo* all) {
  for (const addrinfo* one = all; one != nullptr; one = one->ai_next) {
    if (one->ai_family == AF_INET) return one;
  }
  return all;
}

bool is_loopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) return (ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr) >> 24) == 127;
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
}

std::uint16_t& port_of(sockaddr_storage& address) {
  return address.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(address).sin_port : reinterpret_cast<sockaddr_in6&>(address).sin6_port;
}

std::string text_of(const sockaddr_storage& address) {
  char ip[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, ip, sizeof ip);
    return std::string(ip) + ":" + std::to_string(ntohs(v4.sin_port));
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  ::inet_ntop(AF_INET6, &v6.sin6_addr, ip, sizeof ip);
  return "[" + std::string(ip) + "]:" + std::to_string(ntohs(v6.sin6_port));
}

Error cannot(std::string_view address, int code) {
  const std::string place = "cannot listen on " + std::string(address) + ": ";
  switch (code) {
    case EADDRINUSE: return fail(place + "another program listens there already (stop it, or choose another port with --listen or gateway.listen)");
    case EACCES: return fail(place + "ports below 1024 need the capability CAP_NET_BIND_SERVICE (choose a higher port, or give it to the service)");
    case EADDRNOTAVAIL: return fail(place + "it is no address of this machine (\"ip address\" lists those)");
    case EAFNOSUPPORT: return fail(place + "this machine does not speak that kind of address (take 127.0.0.1)");
    case EMFILE:
    case ENFILE: return fail(place + errno_text(code) + " (raise the limit of open files)");
    default: return fail(place + errno_text(code));
  }
}

enum class Share : std::uint8_t { no, yes };

Fd bound(const sockaddr_storage& address, socklen_t size, Share share) {
  Fd fd(::socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fd;
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (share == Share::yes) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) return Fd();
  return fd;
}

}  // namespace

Result<std::vector<Listener>> listen(std::string_view address, std::size_t copies) {
  if (address.starts_with("unix:")) return listen_unix(std::string(address.substr(5)));
  return listen_tcp(address, copies);
}

Result<std::vector<Listener>> listen_tcp(std::string_view address, std::size_t copies) {
  const auto place = split(address);
  if (!place) return place.error();
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* all = nullptr;
  if (const int code = ::getaddrinfo(place->host.c_str(), place->port.c_str(), &wanted, &all); code != 0)
    return fail("cannot listen on " + std::string(address) + ": no address is known for \"" + place->host + "\" (" + ::gai_strerror(code) + ")");
  const Found found(all, ::freeaddrinfo);
  const addrinfo* one = choose(all);
  sockaddr_storage where{};
  socklen_t size = one->ai_addrlen;
  std::copy_n(reinterpret_cast<const char*>(one->ai_addr), size, reinterpret_cast<char*>(&where));

  // Sockets that share a port would also share it with another gateway of the same user. So the port is tried alone first.
  if (port_of(where) != 0 && !bound(where, size, Share::no)) return cannot(address, errno);
  std::vector<Listener> out;
  for (std::size_t i = 0; i < copies; ++i) {
    Fd fd = bound(where, size, Share::yes);
    if (!fd || ::listen(fd.get(), listen_backlog) != 0) return cannot(address, errno);
    ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&where), &size);  // the port that the kernel chose is that of all
    out.push_back({std::move(fd), text_of(where), is_loopback(reinterpret_cast<const sockaddr*>(&where))});
  }
  return out;
}

}  // namespace belay::gateway
