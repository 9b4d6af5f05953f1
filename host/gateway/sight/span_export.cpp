#include "span_export.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/origin.hpp"
#include "fallback/retry_after.hpp"

namespace belay::gateway::sight {
namespace {

constexpr std::size_t reply_limit = 64u << 10;
constexpr Millis longest_wait{30'000};

/// OTLP/HTTP: these alone may be tried again.
bool for_the_moment(int status) { return status == 429 || status == 502 || status == 503 || status == 504; }

/// Spans that a collector which said 200 did not take (ExportTracePartialSuccess).
std::uint64_t rejected_spans(std::string_view reply) {
  const auto document = json::parse(reply);
  if (!document) return 0;
  const auto* partial = json::find(*document, "partialSuccess");
  const auto* count = partial != nullptr ? json::find(*partial, "rejectedSpans") : nullptr;
  if (count == nullptr) return 0;
  if (count->IsUint64()) return count->GetUint64();
  return count->IsString() ? std::strtoull(count->GetString(), nullptr, 10) : 0;
}

}  // namespace

void SpanExport::use(ExportSettings settings) {
  loop_.post(
      [self = shared_from_this(), settings = std::move(settings)]() mutable { self->settings_ = std::move(settings); });
}

void SpanExport::send(SpanBatch batch) {
  {
    std::lock_guard lock(mutex_);
    if (pending_ >= most_waiting) {
      overflowed_ += batch.spans;
      return;
    }
    ++pending_;
  }
  loop_.post([self = shared_from_this(), batch = std::move(batch)]() mutable {
    self->waiting_.push_back(std::move(batch));
    if (self->waiting_.size() == 1) self->start();
  });
}

void SpanExport::close() {
  loop_.post([self = shared_from_this()] {
    self->closed_ = true;
    self->transfer_.reset();
    self->timer_.reset();
    while (!self->waiting_.empty()) self->settle(false);
  });
}

void SpanExport::wait_idle(MonoTime until) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, until, [this] { return pending_ == 0; });
}

/// Sends the first one that waits.
void SpanExport::start() {
  if (closed_ || settings_.url.empty()) {
    while (!waiting_.empty()) settle(false);
    return;
  }
  status_ = 0;
  retry_after_.reset();
  reply_.clear();
  http::Request request;
  request.url = settings_.url;
  request.body = waiting_.front().body;
  request.max_body_bytes = reply_limit;
  request.connect_timeout = settings_.timeout;
  request.headers.push_back({"content-type", "application/json", false});
  for (const auto& [name, value] : settings_.headers)
    request.headers.push_back({name, std::string(value.reveal()), true});
  if (const auto origin = origin_of(settings_.url)) request.secret_origins = {origin->text()};
  if (!timer_)
    timer_ = std::make_unique<Timer>(
        loop_, [this] { transfer_ ? over(false, "no answer within " + format_duration(settings_.timeout)) : start(); });
  timer_->arm_in(settings_.timeout);
  transfer_ = client_.start(std::move(request), *this);
}

void SpanExport::on_head(const http::Head& head) {
  status_ = head.status;
  retry_after_ = fallback::retry_after(head.headers, system_clock().unix_ms());
}

bool SpanExport::on_body(std::string_view piece) {
  if (reply_.size() < reply_limit) reply_ += piece;
  return true;
}

void SpanExport::on_done(const http::Done& done) {
  const bool answered = done.failure == http::Failure::none;
  if (answered && status_ >= 200 && status_ < 300) return over(true, "");
  over(false, answered ? "it answered " + std::to_string(status_) : done.message);
}

/// One try is over. May run inside a call of the transfer.
void SpanExport::over(bool delivered, const std::string& why) {
  transfer_.reset();
  timer_->disarm();
  if (delivered) {
    told_ = false;
    return settle(true), later(Millis(0));
  }
  if (!second_try_ && (status_ == 0 || for_the_moment(status_))) {
    second_try_ = true;
    return later(std::min(retry_after_.value_or(settings_.backoff), longest_wait));
  }
  // Once, until it works again: a collector that is down for a night must not fill the log.
  if (!told_)
    log(LogLevel::warn, "otlp",
        "the collector at " + settings_.url + " did not take spans: " + why + " (they are dropped and counted)");
  told_ = true;
  settle(false);
  later(Millis(0));
}

void SpanExport::later(Millis wait) {
  if (!waiting_.empty()) timer_->arm_in(wait);
}

/// The first one is done with.
void SpanExport::settle(bool delivered) {
  const std::uint64_t spans = waiting_.front().spans;
  const std::uint64_t rejected = delivered ? std::min<std::uint64_t>(rejected_spans(reply_), spans) : spans;
  exported_ += spans - rejected;
  refused_ += rejected;
  waiting_.pop_front();
  second_try_ = false;
  std::lock_guard lock(mutex_);
  --pending_;
  changed_.notify_all();
}

}  // namespace belay::gateway::sight
