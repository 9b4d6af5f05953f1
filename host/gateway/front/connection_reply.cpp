// Connection: what goes to the client.
#include <charconv>
#include <utility>

#include "connection.hpp"
#include "hall.hpp"

namespace belay::gateway {
namespace {

constexpr std::size_t large_body = 32u << 10;  // worth a send of its own instead of a copy

}  // namespace

// ------------------------------------------------------------------------------------------------------------------------- as a Reply

void Connection::send(int status, std::span<const Field> fields, std::string_view body) {
  if (over_ || begun_) return;
  std::string& out = append_head(status, fields, body.size(), false);
  if (!no_body_ && !(body.size() >= large_body && send_directly(body))) out.append(body);
  reply_is_complete();
}

void Connection::begin(int status, std::span<const Field> fields) {
  if (over_ || begun_) return;
  append_head(status, fields, 0, true);
  remember();
}

bool Connection::write(std::string_view piece) {
  if (over_ || !begun_) return true;
  if (!piece.empty() && !no_body_) {  // an empty chunk would be the last one
    std::string& out = out_.room(hall_.pool);
    if (chunked_) {
      char digits[20];
      char* const end = std::to_chars(digits, digits + 16, piece.size(), 16).ptr;
      out.append(digits, end).append("\r\n").append(piece).append("\r\n");
    } else {
      out.append(piece);
    }
    remember();
  }
  if (out_.size() > settings_->high_water) full_ = true;
  return !full_;
}

void Connection::end() {
  if (over_ || !begun_) return;
  if (chunked_) out_.room(hall_.pool).append("0\r\n\r\n");
  reply_is_complete();
}

void Connection::abort() {
  if (over_) return;
  close_after_ = aborted_ = true;
  reply_is_complete();
}

bool Connection::must_close() const { return !keep_alive_ || hall_.draining || (opening_ ? close_if_unread_ : phase_ == Phase::body); }

std::string& Connection::append_head(int status, std::span<const Field> fields, std::size_t size, bool piecewise) {
  begun_ = true;
  no_body_ = head_only_ || !has_body(status);
  chunked_ = piecewise && !http10_ && !no_body_;
  close_after_ = must_close() || (piecewise && http10_);
  ReplyShape shape;
  shape.size = size;
  if (!has_body(status)) shape.body = ReplyShape::Body::none;
  else if (piecewise) shape.body = chunked_ ? ReplyShape::Body::chunked : http10_ ? ReplyShape::Body::until_close : ReplyShape::Body::none;
  shape.after = close_after_ ? ReplyShape::After::close : http10_ ? ReplyShape::After::say_keep : ReplyShape::After::keep;
  shape.origin = origin_;
  std::string& out = out_.room(hall_.pool);
  append_reply_head(out, status, fields, shape, hall_.date.at(hall_.loop.now()));
  return out;
}

/// A large body goes out from where it is; only what the socket does not take is copied. A failure shows again when the rest is written.
bool Connection::send_directly(std::string_view body) {
  if (channel_.is_tls()) return false;
  const std::size_t head = out_.size();
  const Channel::Done done = channel_.write(out_.waiting(), body);
  if (done.size < head) {
    out_.sent(done.size, hall_.pool);
    return false;
  }
  hall_.counts.bytes_out += done.size;
  touched_ = hall_.loop.now();
  out_.sent(head, hall_.pool);
  if (const auto rest = body.substr(done.size - head); !rest.empty()) out_.room(hall_.pool).append(rest);
  return true;
}

void Connection::reply_is_complete() {
  over_ = true;
  if (phase_ == Phase::body) {  // answered before all of it came; close_after_ is set
    phase_ = Phase::busy;
    timer_.disarm();
    chunks_.reset();
    body_ = std::string();
  }
  remember();
}

/// Our own no to a request. The reply closes, and the client gets the time to read it.
void Connection::refuse(std::string_view path, const Refusal& why) {
  ++hall_.counts.refused;
  gone_from_visit();
  over_ = false;
  phase_ = Phase::busy;
  timer_.disarm();
  if (begun_) return abort();  // the service spoke before it had the whole body: no second reply
  keep_alive_ = false;
  const Service::Refused refused = hall_.service.refusal(path, why);
  const Field fields[] = {{"content-type", "application/json"}, {"belay-request-id", refused.id}};
  send(why.status, std::span(fields, refused.id.empty() ? 1 : 2), refused.body);
  body_ = std::string();
}

// ------------------------------------------------------------------------------------------------------------------------- to the socket

void Connection::flush() {
  while (!out_.empty()) {
    const Channel::Done done = channel_.write(out_.waiting());
    if (done.state == Channel::State::again) break;
    if (done.state != Channel::State::ok) return lost();
    hall_.counts.bytes_out += done.size;
    touched_ = hall_.loop.now();
    out_.sent(done.size, hall_.pool);
  }
  watch_for_what_matters();
  if (phase_ == Phase::busy) arm();
}

void Connection::finish() {
  if (std::exchange(active_, false)) --hall_.counts.active;
  if (aborted_ && http10_ && begun_) channel_.reset_on_close();  // without framing a tidy end would look like the end of the body
  if ((aborted_ && http10_) || (ended_ && (close_after_ || in_.empty()))) return close();
  if (close_after_ || hall_.draining) return linger();
  next_request();
}

void Connection::next_request() {
  begun_ = over_ = no_body_ = chunked_ = full_ = head_only_ = http10_ = false;
  close_if_unread_ = false;
  if (!origin_.empty()) origin_.clear();
  path_ = std::string();
  phase_ = Phase::idle;
  touched_ = hall_.loop.now();
  arm();
  if (std::exchange(paused_, false)) {
    read_again_ = channel_.holds_more();
    if (read_again_) remember();
  }
  if (!in_.empty()) {
    const std::size_t used = take(in_);
    if (used > 0) in_.erase(0, used);
    keep({});
  }
  if (ended_) return end_of_input();
  watch_for_what_matters();
}

void Connection::linger() {
  channel_.finish(aborted_ ? Channel::Farewell::unsaid : Channel::Farewell::said);
  phase_ = Phase::linger;
  in_ = std::string();
  paused_ = false;
  began_ = touched_ = hall_.loop.now();
  arm();
  watch_for_what_matters();
}

}  // namespace belay::gateway
