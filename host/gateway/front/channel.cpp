#include "channel.hpp"

#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>

#include "tls.hpp"

namespace belay::gateway {
namespace {

Channel::Done failed() { return {0, errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? Channel::State::again : Channel::State::broken}; }

}  // namespace

Channel::Channel(Fd fd, const Tls* tls) : fd_(std::move(fd)) {
  if (tls == nullptr) return;
  tls_.reset(SSL_new(tls->impl->context.get()));
  if (!tls_) return;
  SSL_set_fd(tls_.get(), fd_.get());
  SSL_set_accept_state(tls_.get());  // the first read does the handshake
}

Channel::Done Channel::read(char* into, std::size_t size) {
  if (tls_) {
    ERR_clear_error();
    std::size_t got = 0;
    const int result = SSL_read_ex(tls_.get(), into, size, &got);
    wants_out_ = false;
    return result == 1 ? Done{got, State::ok} : tls_failed(result);
  }
  return discard(into, size);
}

Channel::Done Channel::discard(char* into, std::size_t size) {
  const ssize_t got = ::recv(fd_.get(), into, size, 0);
  if (got < 0) return failed();
  return {static_cast<std::size_t>(got), got == 0 ? State::end : State::ok};
}

Channel::Done Channel::write(std::string_view bytes) {
  if (tls_) {
    ERR_clear_error();
    std::size_t put = 0;
    const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &put);
    if (result == 1) return {put, State::ok};
    const bool waiting = wants_out_;
    const Done done = tls_failed(result);
    wants_out_ = waiting;  // the caller knows that it waits for room
    return done;
  }
  const ssize_t put = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return put < 0 ? failed() : Done{static_cast<std::size_t>(put), State::ok};
}

Channel::Done Channel::write(std::string_view first, std::string_view second) {
  iovec parts[2] = {{const_cast<char*>(first.data()), first.size()}, {const_cast<char*>(second.data()), second.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  const ssize_t put = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
  return put < 0 ? failed() : Done{static_cast<std::size_t>(put), State::ok};
}

Channel::Done Channel::tls_failed(int result) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ: return {0, State::again};
    case SSL_ERROR_WANT_WRITE: wants_out_ = true; return {0, State::again};
    case SSL_ERROR_ZERO_RETURN: return {0, State::end};
    case SSL_ERROR_SSL:
      if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST) {
        tls_.reset();
        ERR_clear_error();
        return {0, State::not_tls};
      }
      break;
    default: break;
  }
  ERR_clear_error();
  return {0, State::broken};
}

void Channel::finish(Farewell farewell) {
  if (tls_ && farewell == Farewell::said && SSL_is_init_finished(tls_.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
    ERR_clear_error();
  }
  ::shutdown(fd_.get(), SHUT_WR);
}

void Channel::reset_on_close() {
  const linger now{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void Channel::close() {
  tls_.reset();
  fd_.reset();
}

}  // namespace belay::gateway
