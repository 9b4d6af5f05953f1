#include "sockets.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace belay::http {

struct Sockets::Watched final : Watcher {
  Sockets& owner;
  curl_socket_t fd;
  std::uint32_t events = 0;  ///< what epoll was told; 0: it does not know this one
  bool ours = false;         ///< opened by open(), so that close() will be called
  bool wanted = false;

  Watched(Sockets& all, curl_socket_t descriptor) : owner(all), fd(descriptor) {}

  void on_ready(std::uint32_t ready) override {
    if (!wanted) {
      owner.loop_.unwatch(fd);
      events = 0;
      return;
    }
    // Errors and hang-ups are found by reading or writing, where they get their proper name.
    int bits = 0;
    if (ready & (EPOLLIN | EPOLLHUP | EPOLLERR)) bits |= CURL_CSELECT_IN;
    if (ready & (EPOLLOUT | EPOLLERR)) bits |= CURL_CSELECT_OUT;
    owner.listener_.on_socket(fd, bits);  // may end this object
  }
};

Sockets::Sockets(Loop& loop, SocketListener& listener, std::size_t& open_total)
    : loop_(loop), listener_(listener), open_total_(open_total) {}

Sockets::~Sockets() {
  for (const auto& [fd, watched] : watched_)
    if (watched->events != 0) loop_.unwatch(fd);
}

bool Sockets::want(curl_socket_t fd, int what) {
  if (what == CURL_POLL_REMOVE) {
    const auto found = watched_.find(fd);
    if (found == watched_.end()) return true;
    Watched& watched = *found->second;
    watched.wanted = false;
    if (!watched.ours)
      drop(fd);
    else if (watched.events != EPOLLIN && watched.events != 0) {
      loop_.unwatch(fd);
      watched.events = 0;
    }
    return true;
  }

  std::unique_ptr<Watched>& entry = watched_[fd];
  if (!entry) entry = std::make_unique<Watched>(*this, fd);
  entry->wanted = true;
  const std::uint32_t events = (what & CURL_POLL_IN ? EPOLLIN : 0U) | (what & CURL_POLL_OUT ? EPOLLOUT : 0U);
  if (events == entry->events) return true;
  const bool known = entry->events != 0;
  const bool done = known ? loop_.rewatch(fd, events).ok() : loop_.watch(fd, events, *entry).ok();
  if (done) entry->events = events;
  return done;
}

curl_socket_t Sockets::open(const curl_sockaddr& address) {
  const int fd = ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
  if (fd < 0) return CURL_SOCKET_BAD;
  auto watched = std::make_unique<Watched>(*this, fd);
  watched->ours = true;
  watched_[fd] = std::move(watched);
  ++open_;
  ++open_total_;
  return fd;
}

int Sockets::close(curl_socket_t fd) {
  drop(fd);
  --open_;
  --open_total_;
  return ::close(fd);
}

void Sockets::drop(curl_socket_t fd) {
  const auto found = watched_.find(fd);
  if (found == watched_.end()) return;
  if (found->second->events != 0) loop_.unwatch(fd);
  watched_.erase(found);
}

}  // namespace belay::http
