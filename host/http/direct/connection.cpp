#include "direct/connection.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <utility>

#include "direct/exchange.hpp"
#include "direct/pool.hpp"

namespace belay::http {

Connection::Connection(ConnectionPool& pool, std::shared_ptr<Site> site, Fd fd)
    : pool_(pool), site_(std::move(site)), fd_(std::move(fd)) {}

Connection::~Connection() {
  if (fd_ && events_ != 0) pool_.loop().unwatch(fd_.get());
}

bool Connection::watch() { return want(EPOLLIN); }

void Connection::carry(DirectExchange& exchange, ReplyParser::Body body, std::size_t header_limit) {
  exchange_ = &exchange;
  parser_.begin(body, header_limit);
  sending_ = Sending::under_way;
  send_error_ = 0;
  begun_ = head_read_ = false;
}

void Connection::push() {
  if (sending_ != Sending::under_way) {
    if (events_ & EPOLLOUT) want(EPOLLIN);
    return;
  }
  std::array<iovec, DirectExchange::parts> unsent;
  msghdr message{};
  message.msg_iov = unsent.data();
  while ((message.msg_iovlen = exchange_->unsent(unsent)) > 0) {
    const ssize_t sent = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL);
    if (sent >= 0) {
      exchange_->sent(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      want(EPOLLIN | EPOLLOUT);
      return;
    } else if (errno != EINTR) {
      // Not the end yet: a server that refuses a large body may have answered before it hung up. Reading tells.
      send_error_ = errno;
      sending_ = Sending::stopped;
      if (events_ != 0) want(EPOLLIN);
      return;
    }
  }
  sending_ = Sending::done;
  if (events_ & EPOLLOUT) want(EPOLLIN);
}

void Connection::go_on() {
  const std::uint32_t events = sending_ == Sending::under_way ? EPOLLIN | EPOLLOUT : EPOLLIN;
  if (!want(events))
    exchange_->fail(Failure::connect, "the connection cannot be watched (out of memory or epoll watches)");
}

void Connection::let_go(Reply reply) {
  exchange_ = nullptr;
  used_ = true;
  if (reply == Reply::broken || !reusable() || !want(EPOLLIN)) return close();
  pool_.give_back(*this);
}

/// Bytes behind a reply would be taken for the next one: whoever sent them decides what a later caller gets to see.
bool Connection::reusable() const { return sending_ == Sending::done && rest_.empty() && parser_.keeps_alive(); }

void Connection::close() {
  if (!fd_) return;
  exchange_ = nullptr;
  if (events_ != 0) pool_.loop().unwatch(fd_.get());
  events_ = 0;
  fd_.reset();
  pool_.bury(*this);
}

bool Connection::want(std::uint32_t events) {
  if (events == events_) return true;
  Loop& loop = pool_.loop();
  const bool done = events_ != 0 ? loop.rewatch(fd_.get(), events).ok() : loop.watch(fd_.get(), events, *this).ok();
  if (done) events_ = events;
  return done;
}

void Connection::on_ready(std::uint32_t events) {
  if (exchange_ == nullptr) return close();  // idle: the server hung up, or says what nobody asked for
  if (exchange_->paused()) {
    // Taken out only now that there is something: many a pause ends before.
    pool_.loop().unwatch(fd_.get());
    events_ = 0;
    return;
  }
  if (events & EPOLLOUT) push();
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read();
}

// ---- the reply

void Connection::read() {
  const std::span<char> room = pool_.room(rest_, exchange_->read_size());
  const ssize_t got = ::recv(fd_.get(), room.data() + rest_.size(), room.size() - rest_.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
  if (got <= 0) return ended(got < 0 ? errno : 0);
  begun_ = true;
  parse(room.first(rest_.size() + static_cast<std::size_t>(got)));
}

void Connection::parse(std::span<char> bytes) {
  if (head_read_) return parse_body(bytes);
  const auto taken = parser_.head({bytes.data(), bytes.size()}, pool_.head());
  bytes = bytes.subspan(taken.used);
  switch (taken.step) {
    case ReplyParser::Step::more:
      return keep(bytes);
    case ReplyParser::Step::too_large:
      return exchange_->fail(Failure::too_large, parser_.why());
    case ReplyParser::Step::invalid:
      return exchange_->fail(Failure::protocol, "the reply is not valid HTTP (" + parser_.why() + ")");
    case ReplyParser::Step::done:
      break;
  }
  head_read_ = true;
  exchange_->take_head(pool_.head());
  if (busy()) parse_body(bytes);
}

void Connection::parse_body(std::span<char> bytes) {
  std::string_view piece;
  auto step = parser_.whole() ? ReplyParser::Step::done : ReplyParser::Step::more;
  if (step == ReplyParser::Step::more && !bytes.empty()) {
    const auto taken = parser_.body(bytes);
    bytes = bytes.subspan(taken.used);
    piece = taken.piece;
    step = taken.step;
  }
  keep(bytes);
  switch (step) {
    case ReplyParser::Step::more:
      return exchange_->take_body(piece);
    case ReplyParser::Step::done:
      return exchange_->take_end(piece, Failure::none, "");
    case ReplyParser::Step::too_large:
      return exchange_->take_end(piece, Failure::too_large, parser_.why());
    case ReplyParser::Step::invalid:
      return exchange_->take_end(piece, Failure::protocol, "the reply is not valid HTTP (" + parser_.why() + ")");
  }
}

/// A held stream keeps no memory for what it has handed on.
void Connection::keep(std::span<const char> rest) {
  if (!rest.empty())
    rest_.assign(rest.data(), rest.size());
  else if (!rest_.empty())
    std::string().swap(rest_);
}

void Connection::ended(int error) {
  if (error == 0) error = send_error_;
  // The server hung up just when this request went out, as it may: it has done nothing with it (RFC 9112 9.3.1 leaves
  // the choice to us; libcurl sends again too, whatever the method).
  if (used_ && !begun_) return exchange_->send_anew();
  const std::string cause = error != 0 ? " (" + errno_text(error) + ")" : "";
  const std::string while_sending = send_error_ != 0 ? " while sending" : "";
  if (head_read_ && error != 0)
    return exchange_->fail(Failure::reset, "the connection was reset in the middle of the reply" + cause);
  if (head_read_ && parser_.may_end_here()) return exchange_->take_end({}, Failure::none, "");
  if (head_read_) return exchange_->fail(Failure::cut_short, "the reply was cut short (" + parser_.missing() + ")");
  if (error != 0)
    return exchange_->fail(Failure::reset, "the connection was reset" + while_sending + " before the reply" + cause);
  if (begun_) return exchange_->fail(Failure::reset, "the connection was closed before the reply's head was whole");
  exchange_->fail(Failure::reset, "the connection was closed without a reply");
}

}  // namespace belay::http
