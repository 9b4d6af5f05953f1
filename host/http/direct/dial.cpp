#include "direct/dial.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace belay::http {
namespace {

/// A held stream finds out that its peer is gone; libcurl's times.
constexpr int keepalive_seconds = 60;

void set(int fd, int level, int option, int value) { ::setsockopt(fd, level, option, &value, sizeof value); }

void set_up(int fd) {
  set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(fd, IPPROTO_TCP, TCP_KEEPIDLE, keepalive_seconds);
  set(fd, IPPROTO_TCP, TCP_KEEPINTVL, keepalive_seconds);
}

socklen_t with_port(sockaddr_storage& address, std::uint16_t port) {
  if (address.ss_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6&>(address).sin6_port = htons(port);
    return sizeof(sockaddr_in6);
  }
  reinterpret_cast<sockaddr_in&>(address).sin_port = htons(port);
  return sizeof(sockaddr_in);
}

}  // namespace

Dial::Dial(Loop& loop, Resolver& resolver, const Origin& to, Millis span, Owner& owner)
    : loop_(loop),
      resolver_(resolver),
      to_(to),
      owner_(owner),
      span_(std::max(span, Millis(1))),
      end_(std::chrono::steady_clock::now() + span_),
      timer_(loop, [this] { expired(); }) {}

Dial::~Dial() {
  if (!addresses_) resolver_.forget(*this);
  hang_up();
}

void Dial::begin() {
  addresses_ = resolver_.known(to_.host);
  if (addresses_) return next();
  resolver_.ask(to_.host, *this);
  timer_.arm_at(end_);
}

void Dial::resolved(std::shared_ptr<Addresses> addresses, const std::string& why) {
  if (!addresses) return owner_.not_dialed(Failure::resolve, "the host name cannot be resolved (" + why + ")");
  addresses_ = std::move(addresses);
  next();
}

void Dial::next() {
  const std::size_t count = addresses_->list.size();
  if (tried_ == 0) at_ = addresses_->first;
  while (tried_ < count) {
    if (tried_++ > 0) at_ = (at_ + 1) % count;
    switch (connect(addresses_->list[at_])) {
      case Try::connected:
        return connected();
      case Try::waiting:
        return;
      case Try::failed:
        hang_up();
    }
  }
  owner_.not_dialed(Failure::connect, "cannot connect (" + errno_text(error_) + ")");
}

Dial::Try Dial::connect(sockaddr_storage address) {
  fd_ = Fd(::socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd_) {
    error_ = errno;
    return Try::failed;
  }
  set_up(fd_.get());
  const socklen_t size = with_port(address, to_.port);
  if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0) return Try::connected;
  error_ = errno;
  if (error_ != EINPROGRESS) return Try::failed;
  if (!loop_.watch(fd_.get(), EPOLLOUT, *this)) {
    error_ = ENOSPC;
    return Try::failed;
  }
  const auto others = static_cast<std::int64_t>(addresses_->list.size() - tried_);
  const MonoTime now = std::chrono::steady_clock::now();
  timer_.arm_at(now + std::max(end_ - now, MonoTime::duration::zero()) / (others + 1));
  return Try::waiting;
}

void Dial::on_ready(std::uint32_t) {
  socklen_t size = sizeof error_;
  ::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error_, &size);
  if (error_ != 0) {
    hang_up();
    return next();
  }
  loop_.unwatch(fd_.get());
  connected();
}

void Dial::connected() {
  addresses_->first = at_;
  owner_.dialed(std::move(fd_));
}

void Dial::expired() {
  const bool more = addresses_ && tried_ < addresses_->list.size();
  if (more) {
    error_ = ETIMEDOUT;
    hang_up();
    return next();
  }
  owner_.not_dialed(Failure::connect_timeout,
                    "no connection in time (waited " + std::to_string(span_.count()) + " ms)");
}

void Dial::hang_up() {
  if (!fd_) return;
  loop_.unwatch(fd_.get());
  fd_.reset();
}

}  // namespace belay::http
