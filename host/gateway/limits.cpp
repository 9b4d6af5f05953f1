#include "limits.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"

namespace belay::gateway {
namespace {

constexpr std::int64_t minute_ns = 60'000'000'000;

std::int64_t nanoseconds(MonoTime time) { return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count(); }

/// What `units` cost in time at that rate, without overflow for any rate and any honest number of tokens.
std::int64_t span_of(std::int64_t units, std::int64_t per_minute) {
  return static_cast<std::int64_t>(static_cast<double>(minute_ns) * static_cast<double>(units) / static_cast<double>(per_minute));
}

Millis rounded_up(std::int64_t ns) { return Millis((ns + 999'999) / 1'000'000); }

}  // namespace

void Rate::allow(std::optional<std::int64_t> per_minute) { per_minute_.store(per_minute.value_or(0), std::memory_order_relaxed); }

std::optional<Millis> Rate::take(std::int64_t units, MonoTime time) {
  const std::int64_t rate = per_minute_.load(std::memory_order_relaxed);
  if (rate == 0) return std::nullopt;
  const std::int64_t now = nanoseconds(time), cost = span_of(units, rate);
  std::int64_t empty_at = empty_at_.load(std::memory_order_relaxed);
  for (;;) {
    const std::int64_t after = std::max(empty_at, now) + cost;
    // A taker of nothing asks whether the account is open.
    const std::int64_t most = now + minute_ns - (units == 0 ? 1 : 0);
    if (after > most) return rounded_up(after - most);
    if (empty_at_.compare_exchange_weak(empty_at, after, std::memory_order_relaxed)) return std::nullopt;
  }
}

void Rate::charge(std::int64_t units, MonoTime time) {
  const std::int64_t rate = per_minute_.load(std::memory_order_relaxed);
  if (rate == 0 || units <= 0) return;
  const std::int64_t now = nanoseconds(time), cost = span_of(units, rate);
  std::int64_t empty_at = empty_at_.load(std::memory_order_relaxed);
  while (!empty_at_.compare_exchange_weak(empty_at, std::max(empty_at, now) + cost, std::memory_order_relaxed)) {
  }
}

void Meter::allow(const runtime::GatewayKey& key) {
  requests_.allow(key.requests_per_minute);
  tokens_.allow(key.tokens_per_minute);
  most_running_.store(key.max_concurrency.value_or(0), std::memory_order_relaxed);
}

Meter::Verdict Meter::begin(MonoTime now) {
  const std::int64_t most = most_running_.load(std::memory_order_relaxed);
  if (running_.fetch_add(1, std::memory_order_relaxed) >= most && most > 0) {
    running_.fetch_sub(1, std::memory_order_relaxed);
    return {Limit::concurrency, Millis(1000)};
  }
  Verdict verdict;
  if (const auto wait = tokens_.take(0, now)) verdict = {Limit::tokens, *wait};
  else if (const auto pause = requests_.take(1, now)) verdict = {Limit::requests, *pause};
  if (verdict.limit != Limit::none) running_.fetch_sub(1, std::memory_order_relaxed);
  return verdict;
}

void Meter::end(std::int64_t tokens, MonoTime now) {
  running_.fetch_sub(1, std::memory_order_relaxed);
  tokens_.charge(tokens, now);
}

std::shared_ptr<Meter> Meters::of(const runtime::GatewayKey& key) {
  const bool limited = key.requests_per_minute || key.tokens_per_minute || key.max_concurrency;
  auto& meter = meters_[key.name];
  if (!meter && limited) meter = std::make_shared<Meter>();
  if (meter) meter->allow(key);   // a limit that was taken away must let go of those who wait for it
  return limited ? meter : nullptr;
}

void Budget::allow(const runtime::GatewayBudget& settings) {
  std::lock_guard lock(mutex_);
  if (limit_.per != settings.per) window_ = 0;
  limit_ = settings;
}

void Budget::turn(UnixMs now) {
  const std::int64_t per = std::max<std::int64_t>(limit_.per.count(), 1);
  const UnixMs window = now - now % per;
  if (window == window_) return;
  window_ = window;
  requests_ = tokens_ = own_requests_ = own_tokens_ = 0;
}

std::optional<Millis> Budget::take(UnixMs now) {
  std::lock_guard lock(mutex_);
  turn(now);
  const bool spent = (limit_.requests && requests_ >= *limit_.requests) || (limit_.tokens && tokens_ >= *limit_.tokens);
  if (spent) return Millis(window_ + limit_.per.count() - now);
  ++requests_;
  ++own_requests_;
  return std::nullopt;
}

void Budget::charge(std::int64_t tokens, UnixMs now) {
  std::lock_guard lock(mutex_);
  turn(now);
  tokens_ += tokens;
  own_tokens_ += tokens;
}

void Budget::share(state::State& state, UnixMs now) {
  std::int64_t requests = 0, tokens = 0;
  UnixMs window = 0;
  {
    std::lock_guard lock(mutex_);
    turn(now);
    window = window_;
    requests = std::exchange(own_requests_, 0);
    tokens = std::exchange(own_tokens_, 0);
  }
  std::int64_t all_requests = requests, all_tokens = tokens;
  const auto add = [&](const std::optional<std::string>& old) -> std::optional<std::string> {
    all_requests = requests;
    all_tokens = tokens;
    if (const auto record = json::parse(old.value_or("{}")); record && json::int_at(*record, "window_ms") == window) {
      all_requests += json::int_at(*record, "requests").value_or(0);
      all_tokens += json::int_at(*record, "tokens").value_or(0);
    }
    return "{\"window_ms\":" + std::to_string(window) + ",\"requests\":" + std::to_string(all_requests) + ",\"tokens\":" + std::to_string(all_tokens) + "}";
  };
  const auto stored = state.update("budget/" + route_, add, Durable::no);
  std::lock_guard lock(mutex_);
  if (window != window_) return;
  if (!stored) {
    log(LogLevel::warn, "budget", "route " + route_ + ": its use is not shared: " + stored.error().message);
    own_requests_ += requests;
    own_tokens_ += tokens;
    return;
  }
  requests_ = all_requests + own_requests_;
  tokens_ = all_tokens + own_tokens_;
}

std::map<std::string, std::shared_ptr<Budget>, std::less<>> Budgets::use(const std::vector<runtime::GatewayBudget>& settings) {
  std::lock_guard lock(mutex_);
  std::map<std::string, std::shared_ptr<Budget>, std::less<>> out;
  for (const auto& one : settings) {
    auto& budget = all_[one.route];
    if (!budget) budget = std::make_shared<Budget>(one.route);
    budget->allow(one);
    out[one.route] = budget;
  }
  return out;
}

void Budgets::share(state::State& state, UnixMs now) {
  std::vector<std::shared_ptr<Budget>> all;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [route, budget] : all_) all.push_back(budget);
  }
  for (const auto& budget : all) budget->share(state, now);
}

}  // namespace belay::gateway
