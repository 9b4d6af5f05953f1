#include "server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>

namespace belay::http::test {
namespace {

sockaddr_in loopback(std::uint16_t port, std::uint32_t host = INADDR_LOOPBACK) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(host);
  return address;
}

/// To `port`, which is given out when it is 0.
int bound(std::uint16_t& port, int backlog, std::uint32_t host = INADDR_LOOPBACK) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(port, host);
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || (backlog >= 0 && ::listen(fd, backlog) != 0) ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot listen on loopback");
  port = ntohs(address.sin_port);
  return fd;
}

bool ready(int fd, short events, std::chrono::milliseconds span) {
  pollfd entry{fd, events, 0};
  return ::poll(&entry, 1, static_cast<int>(span.count())) > 0;
}

}  // namespace

void Flag::set() {
  std::lock_guard lock(mutex_);
  set_ = true;
  changed_.notify_all();
}

bool Flag::wait() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [this] { return set_; });
}

std::optional<std::string> Seen::header(std::string_view name) const {
  std::size_t at = 0;
  while ((at = head.find("\r\n", at)) != std::string::npos) {
    at += 2;
    const std::size_t colon = head.find(':', at);
    if (colon == std::string::npos || colon - at != name.size() ||
        ::strncasecmp(head.data() + at, name.data(), name.size()) != 0)
      continue;
    const std::size_t end = head.find("\r\n", colon);
    std::size_t begin = colon + 1;
    while (begin < end && head[begin] == ' ') ++begin;
    return head.substr(begin, end - begin);
  }
  return std::nullopt;
}

Peer::Peer(int fd, SSL_CTX* tls, int number) : fd_(fd), number_(number) {
  if (!tls) return;
  ssl_ = SSL_new(tls);
  SSL_set_fd(ssl_, fd_);
}

Peer::~Peer() {
  if (ssl_) SSL_free(ssl_);
}

bool Peer::greet() { return !ssl_ || SSL_accept(ssl_) == 1; }

std::ptrdiff_t Peer::read(char* to, std::size_t size) {
  if (ssl_) return SSL_read(ssl_, to, static_cast<int>(size));
  if (!ready(fd_, POLLIN, patience)) return -1;
  return ::recv(fd_, to, size, 0);
}

bool Peer::more() {
  char buffer[16384];
  const std::ptrdiff_t got = read(buffer, sizeof buffer);
  if (got <= 0) return false;
  pending_.append(buffer, static_cast<std::size_t>(got));
  return true;
}

std::optional<Seen> Peer::request() {
  std::size_t end = 0;
  while ((end = pending_.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return std::nullopt;
  Seen seen;
  seen.head = pending_.substr(0, end + 2);
  seen.line = seen.head.substr(0, seen.head.find("\r\n"));
  pending_.erase(0, end + 4);
  const std::size_t size = std::strtoul(seen.header("content-length").value_or("0").c_str(), nullptr, 10);
  while (pending_.size() < size)
    if (!more()) return std::nullopt;
  seen.body = pending_.substr(0, size);
  pending_.erase(0, size);
  return seen;
}

bool Peer::send(std::string_view text) {
  while (!text.empty()) {
    const std::ptrdiff_t sent = ssl_ ? SSL_write(ssl_, text.data(), static_cast<int>(text.size()))
                                     : ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Peer::reply(std::string_view body, std::string_view status, std::string_view more_lines) {
  std::string text = "HTTP/1.1 ";
  text.append(status)
      .append("\r\nContent-Length: ")
      .append(std::to_string(body.size()))
      .append("\r\n")
      .append(more_lines)
      .append("\r\n")
      .append(body);
  return send(text);
}

bool Peer::gone() {
  char buffer[4096];
  while (true) {
    if (!ready(fd_, POLLIN, patience)) return false;
    if (::recv(fd_, buffer, sizeof buffer, 0) <= 0) return true;
  }
}

void Peer::reset() {
  // The descriptor itself is closed by the server; shutdown would say goodbye, so the socket is replaced by one that is
  // not connected.
  const linger hard{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  const int other = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::dup3(other, fd_, O_CLOEXEC);
  ::close(other);
}

std::size_t Peer::send_until_full(std::chrono::milliseconds still, std::size_t most) {
  const std::string block(4096, 'x');
  std::size_t total = 0;
  while (total < most && ready(fd_, POLLOUT, still)) {
    const std::ptrdiff_t sent = ::send(fd_, block.data(), block.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) break;
    if (sent > 0) total += static_cast<std::size_t>(sent);
  }
  return total;
}

Server::Server(Script script, SSL_CTX* tls) : script_(std::move(script)), tls_(tls) {
  listener_ = bound(port_, 4096);
  acceptor_ = std::thread([this] { accept_all(); });
}

Server::~Server() {
  closing_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    std::lock_guard lock(mutex_);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& script : scripts_) script.join();
}

std::string Server::origin() const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

void Server::accept_all() {
  while (!closing_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int number = ++connections_;
    std::lock_guard lock(mutex_);
    open_.push_back(fd);
    scripts_.emplace_back([this, fd, number] {
      // OpenSSL writes without MSG_NOSIGNAL. Here only: the client must do without.
      sigset_t pipe;
      ::sigemptyset(&pipe);
      ::sigaddset(&pipe, SIGPIPE);
      ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
      {
        Peer peer(fd, tls_, number);
        if (peer.greet()) script_(peer);
      }
      std::lock_guard done(mutex_);
      open_.remove(fd);
      ::close(fd);
    });
  }
}

Server::Script Server::always(std::string body, std::string status, std::string more) {
  return [=](Peer& peer) {
    while (peer.request() && peer.reply(body, status, more)) {
    }
  };
}

FullListener::FullListener(std::uint32_t host, std::uint16_t port) : port_(port) {
  listener_ = bound(port_, 0, host);
  const sockaddr_in address = loopback(port_, host);
  // A queue of length 0 holds one; further connections are left without an answer.
  for (int i = 0; i < 3; ++i) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    fillers_.push_back(fd);
  }
}

FullListener::~FullListener() {
  for (const int fd : fillers_) ::close(fd);
  ::close(listener_);
}

std::uint16_t closed_port() {
  std::uint16_t port = 0;
  ::close(bound(port, -1));
  return port;
}

}  // namespace belay::http::test
