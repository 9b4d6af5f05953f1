#include "shard.hpp"

#include <algorithm>
#include <utility>

namespace belay::http {

Shard::Shard(Loop& loop, ShardOwner& owner, std::size_t& open_total, std::size_t idle_connections)
    : loop_(loop),
      owner_(owner),
      sockets_(loop, *this, open_total),
      multi_(curl_multi_init()),
      timer_(loop, [this] { expired(); }),
      turn_end_(loop, [this] { turn(); }),
      kept_connections_(idle_connections) {
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &Shard::socket_wanted);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, static_cast<void*>(this));
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &Shard::timer_wanted);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, static_cast<void*>(this));
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(kept_connections_));
}

Shard::~Shard() {
  for (const auto& exchange : exchanges_)
    if (exchange->stage == Exchange::Stage::running) curl_multi_remove_handle(multi_.get(), exchange->easy());
  exchanges_.clear();
}

void Shard::keep_connections(std::size_t connections) {
  if (connections == kept_connections_) return;
  kept_connections_ = connections;
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(std::max<std::size_t>(1, connections)));
}

// ---- what callers ask for

void Shard::enter(std::unique_ptr<Exchange> exchange) {
  exchange->stage = Exchange::Stage::queued;
  exchange->slot = exchanges_.size();
  queued_.push_back(exchange.get());
  exchanges_.push_back(std::move(exchange));
  turn_end_.request();
}

void Shard::leave(Exchange& exchange) {
  if (inside_ && (exchange.stage == Exchange::Stage::running || exchange.stage == Exchange::Stage::held)) {
    exchange.leaving = true;
    leaving_.push_back(&exchange);
    return;
  }
  settle(exchange, CURLE_OK);
}

void Shard::wake(Exchange& exchange) {
  if (exchange.waking) return;
  exchange.waking = true;
  waking_.push_back(&exchange);
  turn_end_.request();
}

void Shard::connected(Exchange& exchange) {
  for (Exchange* waiting : gates_.let_in(exchange)) let_go(*waiting);
}

/// Past the gate: out with the next turn, in what is left of the time to connect.
void Shard::let_go(Exchange& exchange) {
  exchange.gate_timer->disarm();
  exchange.set_connect_timeout(std::chrono::ceil<Millis>(exchange.connect_by - std::chrono::steady_clock::now()));
  exchange.stage = Exchange::Stage::passed;
  queued_.push_back(&exchange);
  turn_end_.request();
}

void Shard::wait_at_gate(Exchange& exchange) {
  exchange.stage = Exchange::Stage::gated;
  // A pooled exchange may be in another shard by the time this fires.
  if (!exchange.gate_timer)
    exchange.gate_timer = std::make_unique<Timer>(loop_, [&exchange] { exchange.shard().gate_timed_out(exchange); });
  exchange.connect_by = std::chrono::steady_clock::now() + exchange.connect_timeout();
  exchange.gate_timer->arm_at(exchange.connect_by);
}

void Shard::gate_timed_out(Exchange& exchange) {
  exchange.fail(Failure::connect_timeout, "no connection in time (waited for one that is shared)");
  settle(exchange, CURLE_OK);
}

// ---- the end of the turn

void Shard::turn() {
  serving_ = true;
  starting_.swap(queued_);
  // None of these goes away meanwhile: libcurl calls no handler while a handle is added.
  for (Exchange* exchange : starting_) {
    if (exchange->stage == Exchange::Stage::queued && !gates_.enter(*exchange)) {
      wait_at_gate(*exchange);
      continue;
    }
    exchange->stage = Exchange::Stage::running;
    curl_multi_add_handle(multi_.get(), exchange->easy());
  }
  starting_.clear();
  wake_all();
  serving_ = false;
  if (std::exchange(due_, false)) act(CURL_SOCKET_TIMEOUT, 0);
  for (const int port : std::exchange(nudged_, {})) nudge(port);
  drain();
}

void Shard::wake_all() {
  while (!waking_.empty()) {
    Exchange& exchange = *waking_.back();
    waking_.pop_back();
    exchange.waking = false;
    inside_ = true;
    const CURLcode code = exchange.unpause();
    inside_ = false;
    if (exchange.abandoned() || exchange.leaving) continue;  // drain() sees to it
    if (code != CURLE_OK)
      settle(exchange, code);
    else if (exchange.stage == Exchange::Stage::held && !exchange.paused())
      report(exchange);
  }
}

// ---- libcurl at work

void Shard::on_socket(curl_socket_t fd, int ready) {
  act(fd, ready);
  drain();
}

void Shard::expired() {
  act(CURL_SOCKET_TIMEOUT, 0);
  drain();
  if (timer_.armed() || due_) return;
  long ms = -1;  // libcurl does not repeat a wish that has not changed
  curl_multi_timeout(multi_.get(), &ms);
  timer_wanted(multi_.get(), ms, this);
}

void Shard::act(curl_socket_t fd, int ready) {
  int running = 0;
  inside_ = true;
  curl_multi_socket_action(multi_.get(), fd, ready, &running);
  inside_ = false;
}

int Shard::socket_wanted(CURL* easy, curl_socket_t fd, int what, void* shard, void*) {
  Shard& self = *static_cast<Shard*>(shard);
  if (self.sockets_.want(fd, what)) return 0;
  void* exchange = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &exchange);
  if (exchange) self.unwatchable(*static_cast<Exchange*>(exchange));
  return 0;
}

/// The kernel has no room to watch its socket. Ends after libcurl has returned.
void Shard::unwatchable(Exchange& exchange) {
  if (exchange.leaving || exchange.stage != Exchange::Stage::running) return;
  exchange.fail(Failure::connect, "the connection cannot be watched (out of memory or epoll watches)");
  exchange.leaving = true;
  leaving_.push_back(&exchange);
}

int Shard::timer_wanted(CURLM*, long ms, void* shard) {
  Shard& self = *static_cast<Shard*>(shard);
  if (ms > 0) {
    self.timer_.arm_in(Millis(ms));
    return 0;
  }
  self.timer_.disarm();
  if (ms < 0) return 0;
  self.due_ = true;
  if (!self.serving_) self.turn_end_.request();
  return 0;
}

// ---- the end of an exchange

void Shard::drain() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    void* exchange = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
    settle(*static_cast<Exchange*>(exchange), message->data.result);
  }
  while (!leaving_.empty()) settle(*leaving_.back(), CURLE_OK);
}

void Shard::settle(Exchange& exchange, CURLcode code) {
  unlist(exchange);
  for (Exchange* waiting : gates_.let_in(exchange)) let_go(*waiting);
  if (exchange.stage == Exchange::Stage::running) withdraw(exchange);
  if (exchange.abandoned()) return recycle(exchange);

  switch (exchange.ended(code)) {
    case Exchange::Next::report:
      return report(exchange);
    case Exchange::Next::hold:
      exchange.stage = Exchange::Stage::held;
      return;
    case Exchange::Next::again:
      exchange.stage = Exchange::Stage::queued;
      queued_.push_back(&exchange);
      turn_end_.request();
  }
}

void Shard::withdraw(Exchange& exchange) {
  if (exchange.abandoned() || exchange.failed()) {
    exchange.close_connection();
    if (exchange.shared_port() != 0) {
      nudged_.push_back(exchange.shared_port());
      turn_end_.request();
    }
  }
  curl_multi_remove_handle(multi_.get(), exchange.easy());
}

/// Where others use the connection, libcurl only notes that a stream is over and tells the server when something comes
/// in. Pausing and unpausing one of the others is what makes it send.
void Shard::nudge(int port) {
  const auto other = std::find_if(exchanges_.begin(), exchanges_.end(), [&](const std::unique_ptr<Exchange>& exchange) {
    return exchange->stage == Exchange::Stage::running && !exchange->leaving && exchange->shared_port() == port;
  });
  if (other == exchanges_.end()) return;
  inside_ = true;
  curl_easy_pause((*other)->easy(), CURLPAUSE_RECV);
  curl_easy_pause((*other)->easy(), CURLPAUSE_CONT);
  inside_ = false;
}

/// The handler hears of it last of all: it may start the next one on this very handle.
void Shard::report(Exchange& exchange) {
  Handler& handler = exchange.handler();
  const Done done = exchange.take_done();
  recycle(exchange);
  handler.on_done(done);
}

void Shard::recycle(Exchange& exchange) {
  unlist(exchange);
  std::unique_ptr<Exchange> own = std::move(exchanges_[exchange.slot]);
  exchanges_[own->slot] = std::move(exchanges_.back());
  if (exchanges_[own->slot]) exchanges_[own->slot]->slot = own->slot;
  exchanges_.pop_back();

  own->stage = Exchange::Stage::spare;
  auto address = own->finish();
  owner_.left(*this, std::move(own), std::move(address));
}

/// Takes it off every list but exchanges_.
void Shard::unlist(Exchange& exchange) {
  if (exchange.stage == Exchange::Stage::queued || exchange.stage == Exchange::Stage::passed)
    std::erase(queued_, &exchange);
  if (exchange.stage == Exchange::Stage::gated) gates_.leave(exchange);
  if (exchange.waking) std::erase(waking_, &exchange);
  if (exchange.leaving) std::erase(leaving_, &exchange);
  exchange.waking = exchange.leaving = false;
}

}  // namespace belay::http
