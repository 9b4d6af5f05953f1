#include "relay.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "http_status.hpp"
#include "own_error.hpp"
#include "sight/trace_context.hpp"

namespace belay::gateway {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

constexpr Field json_type{"content-type", "application/json"};
constexpr std::string_view comment = ": keep-alive\n\n";

/// The `type` of an event: the name under which it goes out in the wires that name their events.
std::string_view event_type(std::string_view data) {
  constexpr std::string_view first = "{\"type\":\"";
  if (data.starts_with(first)) {
    const auto rest = data.substr(first.size());
    return rest.substr(0, rest.find('"'));
  }
  const auto members = json::index_object(data);
  if (!members) return {};
  for (const auto& member : *members) {
    if (member.name == "type" && member.value.size() > 2 && member.value.front() == '"') return member.value.substr(1, member.value.size() - 2);
  }
  return {};
}


}  // namespace

Relay::Relay(Worker& worker, Reply& reply, const Endpoint& endpoint, Facts facts, const Key* key)
    : worker_(worker), generation_(worker.generation()), reply_(&reply), key_(key), facts_(std::move(facts)), operation_(endpoint.operation), wire_(endpoint.wire),
      metered_(key != nullptr && key->meter != nullptr) {}

Relay::~Relay() {
  if (!over_) over(nullptr);
}

void Relay::start(std::string body) {
  bytes_in_ = body.size();
  live_ = worker_.sight().began({.id = facts_.id(), .asked = {}, .wire = wire_, .key = key_ != nullptr ? std::string_view(key_->name) : std::string_view(), .peer = facts_.peer(),
                                 .stream = false, .began = facts_.began});
  runtime::CallRequest request;
  request.body = std::move(body);
  request.operation = operation_;
  request.wire = wire_;
  request.id = std::string(facts_.id());
  if (!facts_.context.trace.empty()) request.traceparent = traceparent(facts_.context);
  const auto self = shared_from_this();   // it may be over before async_call() returns
  auto call = generation_->runtime->async_call(std::move(request), self);
  if (!over_) call_ = std::move(call);
}

void Relay::resume() {
  waiting_ = false;
  if (call_) call_->resume();
}

void Relay::gone() {
  gone_ = true;
  reply_ = nullptr;
  if (call_) call_->cancel();
}

// ---------------------------------------------------------------------------------------------------------------- what the runtime tells

bool Relay::on_plan(const runtime::Planned& planned) {
  streamed_ = planned.streamed;
  live_->planned(planned.route, planned.streamed);
  if (key_ != nullptr && !key_->may_call(planned.route, planned.direct)) {
    std::string allowed;
    for (const auto& route : key_->routes) allowed += (allowed.empty() ? "" : ", ") + route;
    refuse(403, "permission_denied", "the gateway key \"" + key_->name + "\" may not call " + std::string(planned.route) + " (it may call: " + allowed + ")", Millis(0));
    return false;
  }
  if (const auto found = generation_->budgets.find(planned.route); found != generation_->budgets.end()) {
    if (const auto wait = found->second->take(system_clock().unix_ms())) {
      worker_.sight().limited(Limit::route_requests, planned.route);
      refuse(429, "rate_limited", "the budget of route " + std::string(planned.route) + " is used up for " + format_duration(*wait) + " more", *wait);
      return false;
    }
    budget_ = found->second;
  }
  return true;
}

void Relay::on_attempt(const fallback::Attempt& attempt) {
  left_ = system_clock().mono();
  live_->attempt(attempt);
}

void Relay::on_verdict(const fallback::Attempt& attempt) {
  elsewhere_ += system_clock().mono() - left_;
  live_->verdict(attempt);
}

void Relay::on_commit(const runtime::Committed& committed) {
  first_content_ = system_clock().mono() - facts_.arrived;
  live_->committed(committed.provider, committed.model);
  if (reply_ == nullptr) return;
  const std::string attempts = std::to_string(committed.attempts);
  Field fields[8] = {{"content-type", "text/event-stream; charset=utf-8"}, {"cache-control", "no-cache"}, {"x-accel-buffering", "no"}, {"belay-request-id", facts_.id()},
                     {"belay-provider", committed.provider}, {"belay-model", committed.model}, {"belay-attempts", attempts}, {}};
  std::size_t count = 7;
  if (committed.left) fields[count++] = {"belay-reason", fallback::to_string(*committed.left)};
  status_ = 200;
  begun_ = true;
  reply_->begin(200, std::span(fields, count));
  const Millis interval = generation_->settings().keep_alive_interval;
  if (interval.count() > 0) {
    spoke_ = worker_.loop().now();
    quiet_.emplace(worker_.loop(), [this] { keep_alive(); });
    quiet_->arm_at(spoke_ + interval);
  }
}

bool Relay::on_event(std::string_view data) {
  if (reply_ == nullptr) return true;
  static thread_local std::string frame;
  frame.clear();
  if (wire_ != chat_wire) {
    frame += "event: ";
    frame += event_type(data);
    frame += '\n';
  }
  frame += "data: ";
  const std::size_t at = frame.size();
  frame += data;
  // An upstream may write its JSON over several lines; they can only be white space, and many clients read one line.
  if (data.find_first_of("\r\n") != std::string_view::npos) std::replace_if(frame.begin() + static_cast<std::ptrdiff_t>(at), frame.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  frame += "\n\n";
  return write(frame);
}

bool Relay::write(std::string_view data) {
  bytes_out_ += data.size();
  spoke_ = worker_.loop().now();
  waiting_ = !reply_->write(data);
  return !waiting_;
}

/// The timer is left where it is while there is something to say: it looks then how long the silence is.
void Relay::keep_alive() {
  if (reply_ == nullptr || over_) return;
  const MonoTime due = spoke_ + generation_->settings().keep_alive_interval;
  if (worker_.loop().now() < due) return quiet_->arm_at(due);
  if (!waiting_) {
    bytes_out_ += comment.size();
    reply_->write(comment);
  }
  spoke_ = worker_.loop().now();
  quiet_->arm_at(spoke_ + generation_->settings().keep_alive_interval);
}

void Relay::on_done(const runtime::CallResult& result) {
  quiet_.reset();
  if (reply_ != nullptr && !begun_) status_ = result.ok() ? 200 : result.unfit ? 400 : http_status(result.trace);
  tokens_ = std::max<std::int64_t>(result.trace.usage.prompt, 0) + std::max<std::int64_t>(result.trace.usage.completion, 0);
  const auto self = shared_from_this();
  if (reply_ != nullptr) begun_ ? finish_stream(result) : send(result);
  over(&result);
}

void Relay::send(const runtime::CallResult& result) {
  const auto& trace = result.trace;
  const std::string attempts = std::to_string(trace.attempts.size());
  const auto wait = result.ok() ? std::nullopt : retry_after_s(trace);
  const std::string seconds = wait ? std::to_string(*wait) : std::string();
  Field fields[8] = {json_type, {"belay-request-id", trace.id}, {"belay-attempts", attempts}};
  std::size_t count = 3;
  if (trace.served_by) {
    fields[count++] = {"belay-provider", trace.served_by->provider};
    fields[count++] = {"belay-model", trace.served_by->model};
  }
  if (trace.left) fields[count++] = {"belay-reason", fallback::to_string(*trace.left)};
  if (wait) fields[count++] = {"retry-after", seconds};
  const std::string error = result.ok() ? std::string() : runtime::error_body(result, wire_);
  const std::string_view body = result.ok() ? std::string_view(result.body) : std::string_view(error);
  bytes_out_ += body.size();
  Reply* const reply = std::exchange(reply_, nullptr);
  reply->send(status_, std::span(fields, count), body);
}

void Relay::finish_stream(const runtime::CallResult& result) {
  if (result.ok()) {
    if (wire_ == chat_wire) write("data: [DONE]\n\n");
  } else {
    for (const auto& event : runtime::error_event(result, wire_)) on_event(event);
  }
  std::exchange(reply_, nullptr)->end();
}

/// A refusal of our own, before anything was sent.
void Relay::refuse(int status, std::string_view code, std::string_view message, Millis wait) {
  if (reply_ == nullptr) return;
  status_ = status;
  const std::string body = own_error(wire_, status, code, message, facts_.id());
  const std::string seconds = std::to_string(std::max<std::int64_t>(1, (wait.count() + 999) / 1000));
  Field fields[3] = {json_type, {"belay-request-id", facts_.id()}, {"retry-after", seconds}};
  bytes_out_ += body.size();
  std::exchange(reply_, nullptr)->send(status, std::span(fields, wait.count() > 0 ? 3 : 2), body);
  over(nullptr);
}

void Relay::over(const runtime::CallResult* result) {
  over_ = true;
  call_.reset();
  const MonoTime now = system_clock().mono();
  if (metered_) key_->meter->end(tokens_, now);
  if (budget_ && tokens_ > 0) budget_->charge(tokens_, system_clock().unix_ms());
  RequestRecord record{.began = facts_.began, .id = facts_.id(), .method = facts_.method(), .path = facts_.path(), .peer = facts_.peer(), .user_agent = facts_.agent()};
  if (key_ != nullptr) record.key = key_->name;
  record.status = status_;
  record.gone = gone_;
  record.bytes_in = bytes_in_;
  record.bytes_out = bytes_out_;
  record.total = now - facts_.arrived;
  record.call = result;
  record.wire = wire_;
  record.operation = operation_;
  record.stream = streamed_;
  record.overhead = std::max(Nanoseconds(0), record.total - elsewhere_);
  record.first_content = first_content_;
  record.context = std::move(facts_.context);
  record.live = live_.get();
  worker_.sight().ended(record);
  live_.reset();
}

}  // namespace belay::gateway
