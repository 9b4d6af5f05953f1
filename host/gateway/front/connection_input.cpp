// Connection: what comes from the client.
#include <algorithm>
#include <utility>

#include "connection.hpp"
#include "hall.hpp"

namespace belay::gateway {
namespace {

constexpr std::size_t most_waiting = 64u << 10;     // bytes of later requests that are read ahead
constexpr std::size_t first_reserve = 1u << 20;     // more only once that much came: an announced size costs nothing
constexpr std::size_t smallest_piece = 16u << 10, largest_piece = 256u << 10;
constexpr int most_rounds = 8;                      // reads of one connection in one turn
constexpr std::uint8_t most_blank_lines = 4;        // old clients send one behind a body (RFC 9112 2.2)

}  // namespace

/// One read in the plain case: the socket is level-triggered, so what is left is reported again. TLS may have more in hand.
void Connection::read() {
  for (int round = 0; round < most_rounds; ++round) {
    const Channel::Done done = read_once();
    if (handshaking_ && !channel_.handshaking()) {
      handshaking_ = false;
      touched_ = hall_.loop.now();
      arm();
    }
    switch (done.state) {
      case Channel::State::ok: break;
      case Channel::State::again: return watch_for_what_matters();
      case Channel::State::end: return end_of_input();
      case Channel::State::broken: return lost();
      case Channel::State::not_tls: handshaking_ = false; return refuse({}, {400, "bad_request", "TLS is spoken at this address: use https://"});
    }
    if (phase_ == Phase::dead || paused_ || !channel_.holds_more()) return;
  }
  read_again_ = true;
  remember();
}

Channel::Done Connection::read_once() {
  if (phase_ == Phase::body && !chunks_ && in_.empty()) return read_body();
  const Channel::Done done = channel_.read(hall_.scratch.get(), Hall::scratch_size);
  if (done.state == Channel::State::ok) arrived({hall_.scratch.get(), done.size});
  return done;
}

/// A sized body is read straight to where it will stay. The room for it grows with what comes: filling room with zeros that nobody uses would cost a slow sender's
/// server more than the reading.
Channel::Done Connection::read_body() {
  const std::size_t old = body_.size();
  const std::size_t piece = std::clamp(old, smallest_piece, largest_piece);
  const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece));
  if (old + room > body_.capacity()) body_.reserve(old + static_cast<std::size_t>(left_));
  body_.resize(old + room);
  const Channel::Done done = channel_.read(body_.data() + old, room);
  body_.resize(old + done.size);
  if (done.state != Channel::State::ok) return done;
  hall_.counts.bytes_in += done.size;
  received_ += done.size;
  touched_ = hall_.loop.now();
  left_ -= done.size;
  if (left_ == 0) body_is_there();
  return done;
}

void Connection::arrived(std::span<char> bytes) {
  hall_.counts.bytes_in += bytes.size();
  if (in_.empty()) {
    const std::size_t used = take(bytes);
    keep(bytes.subspan(used));
  } else {
    in_.append(bytes.data(), bytes.size());
    const std::size_t used = take(in_);
    if (used > 0) in_.erase(0, used);
    keep({});
  }
}

/// Nothing behind a request whose reply closes is ever read as a request.
void Connection::keep(std::span<const char> rest) {
  if (phase_ == Phase::dead) return;
  if (close_after_ && phase_ == Phase::busy) {
    in_ = std::string();
    return;
  }
  if (!rest.empty()) in_.assign(rest.data(), rest.size());
  if (in_.empty() && in_.capacity() > 0) in_ = std::string();
  if (phase_ == Phase::busy && in_.size() >= most_waiting) {
    paused_ = true;
    watch_for_what_matters();
  }
}

/// How much of it was used. Stops behind one request.
std::size_t Connection::take(std::span<char> bytes) {
  std::size_t used = 0;
  for (;;) {
    const Phase before = phase_;
    const auto rest = bytes.subspan(used);
    if (before == Phase::idle || before == Phase::head) {
      used += take_head(rest);
      if (phase_ == Phase::idle || phase_ == Phase::head) return used;
    } else if (before == Phase::body || before == Phase::discard) {
      used += take_body(rest);
      if (phase_ == before) return used;
    } else {
      return used;
    }
  }
}

std::size_t Connection::skip_blank_lines(std::string_view bytes) {
  std::size_t skipped = 0;
  while (blank_lines_ < most_blank_lines && bytes.substr(skipped).starts_with("\r\n")) {
    skipped += 2;
    ++blank_lines_;
  }
  return skipped;
}

std::size_t Connection::take_head(std::span<char> bytes) {
  const std::size_t skipped = phase_ == Phase::idle ? skip_blank_lines({bytes.data(), bytes.size()}) : 0;
  const auto rest = bytes.subspan(skipped);
  const std::string_view text(rest.data(), std::min(rest.size(), settings_->max_head_bytes));
  if (text.empty() || (phase_ == Phase::idle && text == "\r" && blank_lines_ < most_blank_lines)) return skipped;
  switch (scan_.look(text)) {
    case HeadScan::Found::more:
      if (rest.size() >= settings_->max_head_bytes) {
        refuse({}, {431, "request_too_large", "the head of the request is larger than the " + std::to_string(settings_->max_head_bytes) + " bytes that are taken here"});
      } else if (phase_ == Phase::idle) {
        phase_ = Phase::head;
        began_ = hall_.loop.now();
        arm();
      }
      return skipped;
    case HeadScan::Found::no_http: refuse({}, {400, "bad_request", "this is not an HTTP/1.1 request"}); return skipped;
    case HeadScan::Found::bare_lf: refuse({}, {400, "bad_request", "every line of a request's head must end with CR LF"}); return skipped;
    case HeadScan::Found::folded: refuse({}, {400, "bad_request", "a header field must stand on one line, and no line may begin with white space"}); return skipped;
    case HeadScan::Found::end: break;
  }
  const std::size_t end = scan_.end();
  scan_.reset();
  blank_lines_ = 0;
  begin_request(rest.first(end), end < rest.size());
  return skipped + end;
}

std::size_t Connection::take_body(std::span<char> bytes) {
  if (bytes.empty()) return 0;
  touched_ = hall_.loop.now();
  if (chunks_) {
    const auto step = chunks_->feed({bytes.data(), bytes.size()}, body_);
    received_ += step.used;
    if (step.state == ChunkReader::State::refused) refuse(path_, Refusal(chunks_->why()));
    if (step.state == ChunkReader::State::done) body_is_there();
    return step.used;
  }
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  received_ += size;
  left_ -= size;
  if (phase_ == Phase::body) body_.append(bytes.data(), size);
  if (left_ > 0) return size;
  if (phase_ == Phase::body) {
    body_is_there();
  } else {
    phase_ = Phase::busy;
    timer_.disarm();
    remember();
  }
  return size;
}

void Connection::begin_body(const Framing& framing, std::string_view path, bool more_follows) {
  phase_ = Phase::body;
  began_ = touched_ = hall_.loop.now();
  received_ = 0;
  path_ = path;
  if (framing.body == Framing::Body::chunked) {
    chunks_ = std::make_unique<ChunkReader>(settings_->max_body_bytes, settings_->max_head_bytes);
  } else {
    left_ = framing.size;
    body_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(left_, first_reserve)));
  }
  if (framing.expects_continue && !more_follows) {
    out_.room(hall_.pool).append("HTTP/1.1 100 Continue\r\n\r\n");
    remember();
  }
  arm();
}

void Connection::body_is_there() {
  phase_ = Phase::busy;
  timer_.disarm();
  chunks_.reset();
  visit_->on_body(std::exchange(body_, std::string()));
}

/// The client sends no more: half-closed, or gone. While it waits for a reply that is not there yet, it counts as gone.
void Connection::end_of_input() {
  ended_ = true;
  switch (phase_) {
    case Phase::idle: return close();
    case Phase::head: refuse({}, {400, "bad_request", "the connection was closed in the middle of the request's head"}); break;
    case Phase::body:
      ++hall_.counts.gone;
      refuse(path_, {400, "bad_request", "the connection was closed in the middle of the request's body"});
      break;
    case Phase::discard: phase_ = Phase::busy; break;
    case Phase::busy:
      if (!over_) return lost();
      break;
    case Phase::linger:
    case Phase::dead: return close();
  }
  remember();
  watch_for_what_matters();
}

void Connection::discard_input() {
  for (int round = 0; round < most_rounds; ++round) {
    const Channel::Done done = channel_.discard(hall_.scratch.get(), Hall::scratch_size);
    if (done.state == Channel::State::again) return;
    if (done.state != Channel::State::ok) return close();
    touched_ = hall_.loop.now();
  }
}

}  // namespace belay::gateway
