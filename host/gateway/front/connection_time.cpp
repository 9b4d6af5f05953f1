// Connection: how long it may take. One timer, moved only when a phase waits for the client; a request that comes in one piece never touches it but to say that
// the connection is idle again, which is a later moment and therefore free.
#include <algorithm>

#include "connection.hpp"
#include "hall.hpp"

namespace belay::gateway {
namespace {

constexpr std::uint64_t least_bytes_per_second = 1024;  // of a body, on the whole
constexpr Millis linger_quiet{5'000}, linger_total{30'000}, linger_draining{1'000};

}  // namespace

std::optional<MonoTime> Connection::due() const {
  switch (phase_) {
    case Phase::idle: return handshaking_ ? began_ + settings_->head_timeout : touched_ + settings_->idle_timeout;
    case Phase::head: return began_ + settings_->head_timeout;
    case Phase::body:
    case Phase::discard:
      return std::min(touched_ + settings_->body_timeout, began_ + settings_->body_timeout + std::chrono::seconds(received_ / least_bytes_per_second));
    case Phase::busy: return out_.empty() ? std::nullopt : std::optional(touched_ + settings_->write_timeout);
    case Phase::linger: return hall_.draining ? began_ + linger_draining : std::min(touched_ + linger_quiet, began_ + linger_total);
    case Phase::dead: break;
  }
  return std::nullopt;
}

void Connection::arm() {
  const auto when = due();
  if (when) {
    timer_.arm_at(*when);
  } else {
    timer_.disarm();
  }
}

/// The moment that the timer was set for may have moved on since.
void Connection::on_time() {
  const auto when = due();
  if (!when) return;
  if (hall_.loop.now() < *when) return timer_.arm_at(*when);
  switch (phase_) {
    case Phase::head: return refuse({}, {408, "timed_out", "the head of the request took longer than " + format_duration(settings_->head_timeout)});
    case Phase::body: return refuse(path_, {408, "timed_out", "the body of the request came too slowly"});
    case Phase::busy: return lost();
    case Phase::idle:
      if (!handshaking_) channel_.finish(Channel::Farewell::said);
      return close();
    default: return close();
  }
}

}  // namespace belay::gateway
