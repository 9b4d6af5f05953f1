#include "exchange_transport.hpp"

namespace belay::runtime {
namespace {

using fallback::AttemptEnd;
using fallback::Reason;

constexpr std::size_t most_queued = 64u << 10;   // bytes on their way to the loop before the worker waits

std::string own(belay_str text) { return text.ptr == nullptr ? std::string() : std::string(text.ptr, text.len); }
belay_str str(const std::string& text) { return {text.data(), text.size()}; }

}  // namespace

TransportExchange::Carried::Carried(const belay_event& from) : event(from), a(own(from.a)), b(own(from.b)) {
  event.usage = nullptr;
  event.failure = nullptr;
  if (from.usage != nullptr) {
    usage = *from.usage;
    has_usage = true;
  }
  if (from.failure != nullptr) {
    has_failure = true;
    failure = *from.failure;
    failure.headers = {};
    code = own(from.failure->code);
    type = own(from.failure->type);
    message = own(from.failure->message);
    parameter = own(from.failure->parameter);
    if (from.failure->body.ptr != nullptr) body.assign(reinterpret_cast<const char*>(from.failure->body.ptr), from.failure->body.len);
  }
}

const belay_event& TransportExchange::Carried::restored() {
  event.a = str(a);
  event.b = str(b);
  if (has_usage) event.usage = &usage;
  if (has_failure) {
    failure.code = str(code);
    failure.type = str(type);
    failure.message = str(message);
    failure.parameter = str(parameter);
    failure.body = {reinterpret_cast<const std::uint8_t*>(body.data()), body.size()};
    event.failure = &failure;
  }
  return event;
}

std::optional<AttemptEnd> TransportExchange::run() {
  home_.move_in(shared_from_this());
  engine_.workers->run([self = std::static_pointer_cast<TransportExchange>(shared_from_this())] { self->work(); });
  return std::nullopt;
}

void TransportExchange::work() {
  plugins::Answer answer = exchange_->run(*this, cancel_.token());
  std::lock_guard lock(mutex_);
  answer_ = std::move(answer);
  home_.loop().post([self = std::static_pointer_cast<TransportExchange>(shared_from_this())] { self->drain(); });
}

bool TransportExchange::on_event(const belay_event& event) {
  auto carried = std::make_unique<Carried>(event);
  std::unique_lock lock(mutex_);
  room_.wait(lock, [this] { return over_ || (!held_ && queued_bytes_ < most_queued); });
  if (over_) return false;
  queued_bytes_ += carried->a.size() + 1;
  queue_.push_back(std::move(carried));
  if (!posted_) {
    posted_ = true;
    home_.loop().post([self = std::static_pointer_cast<TransportExchange>(shared_from_this())] { self->drain(); });
  }
  return true;
}

void TransportExchange::drain() {
  std::vector<std::unique_ptr<Carried>> events;
  std::optional<plugins::Answer> answer;
  {
    std::lock_guard lock(mutex_);
    events.swap(queue_);
    queued_bytes_ = 0;
    posted_ = false;
    answer = answer_;
  }
  for (const auto& carried : events) {
    if (owner_ == nullptr) break;
    if (reply_.on_event(carried->restored()) && owner_ != nullptr) owner_->on_content();
  }
  {
    std::lock_guard lock(mutex_);
    held_ = paused_;
    over_ = over_ || owner_ == nullptr || reply_.error().has_value();
  }
  room_.notify_all();
  if (!answer) return;
  const auto self = shared_from_this();
  home_.move_out(self);
  if (owner_ == nullptr) return;
  if (!answer->ok() && !reply_.finished() && !reply_.error()) return conclude(ended(*answer));
  conclude(settle(answer->ok()));
}

void TransportExchange::resume() {
  if (!paused_) return;
  paused_ = false;
  {
    std::lock_guard lock(mutex_);
    held_ = false;
  }
  room_.notify_all();
}

void TransportExchange::stop() {
  owner_ = nullptr;
  cancel_.cancel();
  {
    std::lock_guard lock(mutex_);
    over_ = true;
  }
  room_.notify_all();
}

}  // namespace belay::runtime
