#include "direct/exchange.hpp"

#include <algorithm>
#include <utility>

#include "base/secret.hpp"
#include "direct/client.hpp"
#include "head_reader.hpp"
#include "redirect.hpp"

namespace belay::http {
namespace {

constexpr std::size_t most_piece = 16u << 10;
/// A stream that pauses keeps what was read before: one piece at most. A whole body is read in larger steps.
constexpr std::size_t stream_read = most_piece, whole_read = 64u << 10;

}  // namespace

DirectExchange::DirectExchange(DirectClient& client, std::shared_ptr<Address> address,
                               std::shared_ptr<const RequestHead> head, const Request& request, Handler& handler)
    : client_(client),
      handler_(&handler),
      address_(std::move(address)),
      head_(std::move(head)),
      body_(request.body),
      max_header_bytes_(std::min(request.max_header_bytes, most_header_bytes)),
      max_body_bytes_(request.max_body_bytes),
      connect_timeout_(request.connect_timeout),
      head_rest_(head_->rest(body_ ? body_->size() : 0, request.traceparent)),
      to_head_(request.method == "HEAD") {}

DirectExchange::~DirectExchange() {
  if (connection_) connection_->close();
}

void DirectExchange::abandon() {
  if (connection_) connection_->close();
  connection_ = nullptr;
  paused_ = false;
  dial_.reset();
}

// ---- going out

void DirectExchange::depart() {
  if (!fresh_)
    if (Connection* const idle = client_.pool().take(*address_->site)) return go_out_on(*idle);
  dial_generation_ = client_.pool().generation();
  dial_ = std::make_unique<Dial>(client_.loop(), client_.resolver(), address_->url.origin, connect_timeout_,
                                 static_cast<Dial::Owner&>(*this));
  dial_->begin();
}

void DirectExchange::dialed(Fd connected) {
  Connection* const made = client_.pool().add(address_->site, std::move(connected), dial_generation_);
  dial_.reset();
  if (!made) return settle(Failure::connect, "the connection cannot be watched (out of memory or epoll watches)");
  go_out_on(*made);
}

void DirectExchange::not_dialed(Failure failure, const std::string& what) {
  dial_.reset();
  settle(failure, what);
}

void DirectExchange::go_out_on(Connection& connection) {
  connection_ = &connection;
  connection.carry(*this, to_head_ ? ReplyParser::Body::none : ReplyParser::Body::as_told, max_header_bytes_);
  connection.push();
}

std::size_t DirectExchange::unsent(std::array<iovec, parts>& out) const {
  const std::string_view whole[parts] = {
      head_->text(), head_rest_, body_ ? std::string_view(*body_) : std::string_view()};
  std::size_t count = 0, before = sent_;
  for (const std::string_view part : whole) {
    const std::size_t gone = std::min(before, part.size());
    before -= gone;
    if (gone < part.size()) out[count++] = {const_cast<char*>(part.data()) + gone, part.size() - gone};
  }
  return count;
}

void DirectExchange::send_anew() {
  std::exchange(connection_, nullptr)->let_go(Connection::Reply::broken);
  fresh_ = true;
  sent_ = 0;
  client_.queue(*this);
}

// ---- the reply

std::size_t DirectExchange::read_size() const { return max_body_bytes_ == 0 ? stream_read : whole_read; }

void DirectExchange::take_head(const Head& head) {
  // A server that refuses what it has not read to its end will not read on.
  if (head.status >= 400 && !connection_->sent_all()) connection_->stop_sending();
  if (is_redirect(head.status)) return take_redirect(head);
  const std::string_view coding = head.get("content-encoding").value_or("");
  if (is_coding(coding)) {
    inflater_ = Inflater::make(coding);
    coding_ = inflater_ ? Coding::known : Coding::unknown;
  }
  show_head(head);
}

void DirectExchange::show_head(const Head& head) {
  shown_ = true;
  handler_->on_head(head);
}

void DirectExchange::take_redirect(const Head& head) {
  auto next = follow_redirect(head, address_->url, hop_ ? Hop::second : Hop::first);
  if (next) {
    hop_ = std::make_unique<CheckedUrl>(*std::move(next));
    following_ = true;
    return;
  }
  Connection& connection = *connection_;
  show_head(head);
  if (connection.busy()) settle(Failure::redirect, next.error().message);
}

void DirectExchange::take_body(std::string_view bytes) { deliver(bytes); }

void DirectExchange::take_end(std::string_view bytes, Failure failure, const std::string& what) {
  end_ = Done{failure, what, shown_};
  if (deliver(bytes) && !paused_) conclude();
}

/// False when this object is over, or gone.
bool DirectExchange::deliver(std::string_view bytes) {
  if (following_) return skip(bytes);
  if (bytes.empty() && !inflater_) return true;
  // Nothing will be sent again now, and a conversation of some 60 KB need not lie in memory while its answer streams.
  if (connection_->sent_all()) {
    head_.reset();
    body_.reset();
  }
  if (coding_ != Coding::none) return inflate(bytes);
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, most_piece);
    bytes.remove_prefix(piece.size());
    if (!hand_over(piece)) return false;
    if (!paused_) continue;
    held_.assign(bytes);
    return true;
  }
  return true;
}

bool DirectExchange::inflate(std::string_view bytes) {
  char decoded[most_piece];
  for (bool more = true; more;) {
    const auto size = inflater_ ? inflater_->decode(bytes, decoded) : std::nullopt;
    if (!size) {
      settle(Failure::protocol, "the reply's content coding is broken or unknown");
      return false;
    }
    if (*size > 0 && !hand_over({decoded, *size})) return false;
    if (paused_) {
      held_.assign(bytes);
      return true;
    }
    more = *size == sizeof decoded || !bytes.empty();
  }
  return true;
}

bool DirectExchange::hand_over(std::string_view piece) {
  if (max_body_bytes_ != 0 && piece.size() > max_body_bytes_ - received_) {
    settle(Failure::too_large, "the reply's body has more than " + std::to_string(max_body_bytes_) + " bytes");
    return false;
  }
  received_ += piece.size();
  Connection& connection = *connection_;
  const bool go_on = handler_->on_body(piece);
  if (!connection.busy()) return false;
  paused_ = !go_on;
  return true;
}

// ---- pauses

void DirectExchange::resume() {
  if (!paused_) return;
  if (held_.empty() && !inflater_ && !end_ && connection_->watched())
    paused_ = false;  // nothing was held back yet
  else
    client_.wake(*this);
}

void DirectExchange::wake() {
  paused_ = false;
  const std::string held = std::exchange(held_, {});
  if (!deliver(held) || paused_) return;
  if (end_)
    conclude();
  else
    connection_->go_on();
}

// ---- the end

void DirectExchange::fail(Failure failure, const std::string& what) {
  if (following_) return follow(Connection::Reply::broken);
  settle(failure, what);
}

/// Whether the end of a reply that is followed came whole does not matter.
void DirectExchange::conclude() {
  if (following_) return follow(end_->failure == Failure::none ? Connection::Reply::whole : Connection::Reply::broken);
  const Done end = *std::move(end_);
  settle(end.failure, end.message);
}

bool DirectExchange::skip(std::string_view bytes) {
  received_ += bytes.size();
  if (received_ <= most_redirect_bytes) return true;
  follow(Connection::Reply::broken);
  return false;
}

void DirectExchange::follow(Connection::Reply reply) {
  std::exchange(connection_, nullptr)->let_go(reply);
  head_ = head_->moved_to(hop_->target());
  end_.reset();
  sent_ = received_ = 0;
  following_ = fresh_ = false;
  client_.queue(*this);
}

/// The handler hears of it last of all: it may start the next one on this very connection, and destroy this object.
void DirectExchange::settle(Failure failure, const std::string& what) {
  Done done{failure, failure == Failure::none ? "" : scrub(address_->place + ": " + what), shown_};
  if (connection_)
    std::exchange(connection_, nullptr)
        ->let_go(failure == Failure::none ? Connection::Reply::whole : Connection::Reply::broken);
  ExchangeHook<OfClient>::unlink();
  ExchangeHook<OfTurn>::unlink();
  paused_ = false;
  head_.reset();
  body_.reset();
  address_.reset();
  inflater_.reset();
  handler_->on_done(done);
}

}  // namespace belay::http
