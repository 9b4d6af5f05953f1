#include "connection.hpp"

#include <utility>

#include "hall.hpp"

namespace belay::gateway {

Connection::Connection(Hall& hall, Fd fd, const Entry& entry)
    : hall_(hall), settings_(hall.settings), channel_(std::move(fd), entry.tls), timer_(hall.loop, [this] { on_time(); }), peer_(entry.peer), door_(entry.door),
      local_(entry.local), handshaking_(channel_.is_tls()) {}

void Connection::start(Place place) {
  place_ = place;
  began_ = touched_ = hall_.loop.now();
  ++hall_.counts.accepted;
  ++hall_.counts.open;
  watched_ = EPOLLIN | EPOLLRDHUP;
  if (!hall_.loop.watch(channel_.fd(), watched_, *this)) return close();
  arm();
}

void Connection::on_ready(std::uint32_t events) {
  if (phase_ == Phase::linger) return discard_input();
  if (events & EPOLLERR) return lost();
  if (events & EPOLLOUT) remember();
  if (ended_) return events & EPOLLHUP ? lost() : void();
  if (paused_) return events & (EPOLLRDHUP | EPOLLHUP) ? end_of_input() : void();
  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP) || channel_.wants_out()) read();
}

/// In the steady state of a keep-alive connection nothing changes here, and epoll is not called.
void Connection::watch_for_what_matters() {
  if (phase_ == Phase::dead) return;
  std::uint32_t events = 0;
  if (!ended_) events |= paused_ ? EPOLLRDHUP : EPOLLIN | EPOLLRDHUP;
  if (!out_.empty() || channel_.wants_out()) events |= EPOLLOUT;
  if (events == watched_) return;
  watched_ = events;
  if (!hall_.loop.rewatch(channel_.fd(), events)) lost();
}

void Connection::remember() {
  if (settling_) {
    again_ = true;
  } else if (!remembered_) {
    remembered_ = true;
    hall_.remember(*this);
  }
}

Connection::Settled Connection::settle() {
  remembered_ = again_ = false;
  settling_ = true;
  settle_now();
  settling_ = false;
  if (phase_ == Phase::dead) return Settled::gone;
  if (again_) remember();
  return Settled::here;
}

void Connection::settle_now() {
  if (phase_ == Phase::dead) return;
  if (std::exchange(read_again_, false)) read();
  flush();
  if (phase_ == Phase::dead) return;
  if (full_ && !over_ && visit_ && out_.size() < settings_->low_water) {
    full_ = false;
    visit_->on_writable();
  }
  if (!over_) return;
  visit_.reset();
  if (out_.empty() && phase_ == Phase::busy) finish();
}

void Connection::drain() {
  if (phase_ == Phase::linger) return arm();
  if (phase_ != Phase::idle || !in_.empty()) return;
  read();  // a request that is there already is answered
  if (phase_ != Phase::idle) return;
  channel_.finish(Channel::Farewell::said);
  close();
}

void Connection::server_ends() {
  gone_from_visit();
  close();
}

/// The client is gone, or must be treated so.
void Connection::lost() {
  if (phase_ == Phase::dead) return;
  if (active_ || phase_ == Phase::head) ++hall_.counts.gone;
  gone_from_visit();
  close();
}

void Connection::gone_from_visit() {
  if (!visit_ || over_) return;
  over_ = true;
  visit_->on_gone();
}

void Connection::close() {
  if (phase_ == Phase::dead) return;
  phase_ = Phase::dead;
  over_ = true;
  timer_.disarm();
  hall_.loop.unwatch(channel_.fd());
  channel_.close();
  out_.drop(hall_.pool);
  --hall_.counts.open;
  if (std::exchange(active_, false)) --hall_.counts.active;
  remember();
  hall_.doorkeeper.on_left();
}

}  // namespace belay::gateway
