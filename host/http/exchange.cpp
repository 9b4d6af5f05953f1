#include "exchange.hpp"

#include <utility>

#include "base/secret.hpp"
#include "failure.hpp"
#include "redirect.hpp"
#include "shard.hpp"

namespace belay::http {
namespace {

/// How far a paused reader may fall behind on HTTP/2.
constexpr std::size_t most_backlog = 4u << 20;
constexpr std::size_t most_piece = 16u << 10;

}  // namespace

Ticket::~Ticket() {
  if (exchange_) exchange_->abandon();
}

void Ticket::resume() {
  if (exchange_) exchange_->resume();
}

Exchange::Exchange(const Address& address, CURLSH* share) : easy_(curl_easy_init()) { set_up(address, share); }

Exchange::~Exchange() {
  if (ticket_) ticket_->detach();
}

Exchange::Next Exchange::ended(CURLcode code) {
  if (following_ && !verdict_) {
    // Whether the end of the first reply came whole does not matter any more.
    following_ = http2_ = false;
    local_port_ = 0;
    if (std::exchange(closes_, false)) curl_easy_setopt(easy(), CURLOPT_FORBID_REUSE, 0L);
    received_ = 0;
    head_.begin(max_header_bytes_);
    curl_easy_setopt(easy(), CURLOPT_CURLU, hop_->parsed.get());
    return Next::again;
  }
  if (!verdict_) {
    if (code != CURLE_OK) {
      long system = 0;
      curl_easy_getinfo(easy(), CURLINFO_OS_ERRNO, &system);
      verdict_ = describe(code, {local_port_ != 0, shown_}, address_->place, curl_words_, static_cast<int>(system));
    } else if (!shown_) {
      fail(Failure::reset, "the connection was closed before the reply's head was whole");
    } else {
      verdict_ = Done{Failure::none, "", true};
    }
  }
  return paused_ ? Next::hold : Next::report;
}

void Exchange::fail(Failure failure, const std::string& what) {
  verdict_ = Done{failure, scrub(address_->place + ": " + what), shown_};
}

std::shared_ptr<Address> Exchange::finish() {
  if (ticket_) ticket_->detach();
  ticket_ = nullptr;
  if (hop_) curl_easy_setopt(easy(), CURLOPT_CURLU, address_->url.parsed.get());
  hop_.reset();
  if (std::exchange(closes_, false)) curl_easy_setopt(easy(), CURLOPT_FORBID_REUSE, 0L);
  body_.reset();
  lines_.reset();
  head_.release();
  verdict_.reset();
  received_ = 0;
  local_port_ = 0;
  following_ = shown_ = paused_ = stopped_ = http2_ = false;
  std::string().swap(backlog_);
  if (gate_timer) gate_timer->disarm();
  shard_ = nullptr;
  return std::move(address_);
}

void Exchange::abandon() {
  ticket_ = nullptr;
  shard_->leave(*this);  // ends this object's turn, unless libcurl is at work
}

void Exchange::resume() {
  if (!paused_) return;
  if (stopped_ || !backlog_.empty() || stage == Stage::held)
    shard_->wake(*this);
  else
    paused_ = false;  // nothing was held back yet
}

CURLcode Exchange::unpause() {
  paused_ = false;
  const std::string backlog = std::move(backlog_);
  backlog_.clear();
  for (std::size_t at = 0; at < backlog.size(); at += most_piece) {
    if (paused_) {
      backlog_ = backlog.substr(at);
      return CURLE_OK;
    }
    if (!hand_over(std::string_view(backlog).substr(at, most_piece))) return CURLE_OK;  // abandoned: the shard knows
  }
  if (paused_ || !stopped_) return CURLE_OK;
  stopped_ = false;
  return curl_easy_pause(easy(), CURLPAUSE_CONT);
}

void Exchange::close_connection() {
  if (std::exchange(closes_, true)) return;
  curl_easy_setopt(easy(), CURLOPT_FORBID_REUSE, 1L);
}

// ---- what libcurl delivers; false ends the transfer

/// Says no to libcurl, which then ends the transfer.
bool Exchange::stop() {
  close_connection();
  return false;
}

bool Exchange::take_header(std::string_view line) {
  if (abandoned()) return stop();
  switch (head_.line(line)) {
    case HeadReader::Step::more:
      return true;
    case HeadReader::Step::head:
      return take_head();
    case HeadReader::Step::too_large:
      break;
  }
  fail(Failure::too_large, "the reply has more than " + std::to_string(max_header_bytes_) + " bytes of headers");
  return stop();
}

bool Exchange::take_head() {
  if (address_->tls) {
    long version = 0;
    curl_easy_getinfo(easy(), CURLINFO_HTTP_VERSION, &version);
    http2_ = version == CURL_HTTP_VERSION_2_0;
    address_->spoken = http2_ ? Spoken::http2 : Spoken::http1;
  }
  return is_redirect(head_.head().status) ? take_redirect() : show_head();
}

bool Exchange::show_head() {
  shown_ = true;
  handler_->on_head(head_.head());
  if (abandoned()) return stop();
  head_.release();
  return true;
}

/// Redirects are decided by us and not by libcurl, which knows nothing of secrets that are bound to an origin.
bool Exchange::take_redirect() {
  auto next = follow_redirect(head_.head(), address_->url, hop_ ? Hop::second : Hop::first);
  if (next) {
    hop_ = *std::move(next);
    return following_ = true;
  }
  if (!show_head()) return false;
  fail(Failure::redirect, next.error().message);
  return stop();
}

bool Exchange::take_body(std::string_view piece) {
  if (abandoned()) return stop();
  if (following_) {
    received_ += piece.size();
    return received_ <= most_redirect_bytes || stop();
  }
  if (max_body_bytes_ != 0 && piece.size() > max_body_bytes_ - received_) {
    fail(Failure::too_large, "the reply's body has more than " + std::to_string(max_body_bytes_) + " bytes");
    return stop();
  }
  received_ += piece.size();
  release_sent_body();
  return paused_ ? keep_back(piece) : hand_over(piece);
}

/// A paused HTTP/2 stream must go on being read: libcurl stops the whole connection as soon as it cannot get rid of one
/// stream's data, and has granted the server 32 MiB of it beforehand.
bool Exchange::keep_back(std::string_view piece) {
  if (backlog_.size() + piece.size() > most_backlog) {
    fail(Failure::too_large, "its reader fell " + std::to_string(most_backlog >> 20) +
                                 " MiB behind, on an HTTP/2 connection that others use");
    return stop();
  }
  backlog_ += piece;
  return true;
}

bool Exchange::hand_over(std::string_view piece) {
  const bool go_on = handler_->on_body(piece);
  if (abandoned()) return stop();
  paused_ = !go_on;
  return true;
}

/// A conversation of some 60 KB need not lie in memory for as long as its answer streams. Once the reply's body has
/// begun and all was sent, libcurl does not come back to it.
void Exchange::release_sent_body() {
  if (!body_) return;
  curl_off_t sent = 0;
  curl_easy_getinfo(easy(), CURLINFO_SIZE_UPLOAD_T, &sent);
  if (sent == static_cast<curl_off_t>(body_size_)) body_.reset();
}

// ---- the doors from C

std::size_t EasyCallbacks::header(char* data, std::size_t, std::size_t size, void* exchange) {
  return static_cast<Exchange*>(exchange)->take_header({data, size}) ? size : CURL_WRITEFUNC_ERROR;
}

std::size_t EasyCallbacks::body(char* data, std::size_t, std::size_t size, void* exchange) {
  Exchange& self = *static_cast<Exchange*>(exchange);
  if (self.paused_ && !self.http2_ && !self.abandoned()) {
    self.stopped_ = true;
    return CURL_WRITEFUNC_PAUSE;  // libcurl keeps this piece and reads no further
  }
  return self.take_body({data, size}) ? size : CURL_WRITEFUNC_ERROR;
}

int EasyCallbacks::before_request(void* exchange, char*, char*, int, int local_port) {
  Exchange& self = *static_cast<Exchange*>(exchange);
  if (self.abandoned()) return CURL_PREREQFUNC_ABORT;
  self.local_port_ = local_port;
  self.shard_->connected(self);
  return CURL_PREREQFUNC_OK;
}

curl_socket_t EasyCallbacks::open_socket(void* shard, curlsocktype, curl_sockaddr* address) {
  return static_cast<Shard*>(shard)->sockets().open(*address);
}

int EasyCallbacks::close_socket(void* shard, curl_socket_t fd) {
  return static_cast<Shard*>(shard)->sockets().close(fd);
}

}  // namespace belay::http
