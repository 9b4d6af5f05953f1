#include "exchange_http.hpp"

#include <algorithm>

#include "runtime/version.hpp"

namespace belay::runtime {
namespace {

using fallback::AttemptEnd;
using fallback::Reason;

constexpr std::size_t most_error_body = 64u << 10;
constexpr std::size_t most_body_for_hook = 8u << 10;
constexpr Millis linger_limit{1000};   // for the end of a chunked body behind its end mark: then the connection can be used again

belay_str str(std::string_view text) { return {text.data(), text.size()}; }

const std::string& own_agent() {
  static const std::string agent = "belay/" + std::string(version());
  return agent;
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::optional<AttemptEnd> HttpExchange::send() {
  plugins::OutgoingRequest written;
  const auto answer = exchange_->build_request(written);
  if (!answer.ok()) return ended(answer);
  transfer_ = home_.client().start(outgoing(std::move(written)), *this);
  return std::nullopt;
}

http::Request HttpExchange::outgoing(plugins::OutgoingRequest&& written) const {
  const ProviderSettings& settings = *served_->settings;
  http::Request request;
  request.method = std::move(written.method);
  request.url = std::move(written.url);
  request.headers.reserve(written.headers.size() + settings.endpoint.headers.size() + 2);
  const auto configured = [&](std::string_view name) {
    return !settings.endpoint.headers.empty() && std::any_of(settings.endpoint.headers.begin(), settings.endpoint.headers.end(), [name](const auto& header) { return same_name(header.first, name); });
  };
  bool agent = configured("user-agent"), parent = mission_.traceparent.empty() || configured("traceparent");
  for (auto& header : written.headers) {
    agent = agent || same_name(header.name, "user-agent");
    parent = parent || same_name(header.name, "traceparent");
    if (!configured(header.name)) request.headers.push_back({std::move(header.name), std::move(header.value), header.secret});
  }
  if (!agent) request.headers.push_back({"user-agent", own_agent(), false});
  if (!parent) request.traceparent = mission_.traceparent;
  for (const auto& [name, value] : settings.endpoint.headers) request.headers.push_back({name, value, true});  // may hold one: never carried elsewhere

  if (written.body_as_given) request.body = std::shared_ptr<const std::string>(prepared_, &prepared_->text);
  else if (!written.body.empty() || request.method == "POST") request.body = std::make_shared<const std::string>(std::move(written.body));
  request.secret_origins.reserve(1 + (mission_.credential ? mission_.credential->allowed_origins.size() : 0) + served_->note_origins.size());
  request.secret_origins.push_back(settings.pool.origin);
  if (mission_.credential) {
    const auto& allowed = mission_.credential->allowed_origins;
    request.secret_origins.insert(request.secret_origins.end(), allowed.begin(), allowed.end());
  }
  request.secret_origins.insert(request.secret_origins.end(), served_->note_origins.begin(), served_->note_origins.end());
  request.endpoint = &settings.endpoint;
  request.connect_timeout = mission_.route.connect_timeout;
  if (mission_.streamed) request.max_body_bytes = 0;
  return request;
}

void HttpExchange::resume() {
  if (!paused_) return;
  paused_ = false;
  if (transfer_) transfer_->resume();
}

void HttpExchange::stop() {
  owner_ = nullptr;
  transfer_.reset();
  if (exchange_) exchange_.reset();
}

void HttpExchange::on_head(const http::Head& head) {
  if (lingering_ || owner_ == nullptr) return;
  status_ = head.status;
  headers_ = head.headers;
  if (!good()) return;
  std::vector<belay_field> fields;
  fields.reserve(headers_.size());
  for (const auto& [name, value] : headers_) fields.push_back({str(name), str(value), 0, 0});
  belay_head lent{};
  lent.size = sizeof lent;
  lent.status = head.status;
  lent.headers = {fields.data(), static_cast<std::uint32_t>(fields.size()), sizeof(belay_field)};
  const auto answer = exchange_->on_head(lent, *this);
  if (!answer.ok()) {
    transfer_.reset();
    conclude(ended(answer));
  } else if (reply_.error()) {
    transfer_.reset();
    conclude(told_in_reply(*reply_.error()));
  }
}

bool HttpExchange::on_body(std::string_view piece) {
  if (lingering_ || owner_ == nullptr) return true;
  if (!good()) {
    error_body_.append(piece.substr(0, most_error_body - std::min(most_error_body, error_body_.size())));
    return true;
  }
  const auto answer = exchange_->on_chunk(piece, *this);
  if (owner_ == nullptr) return true;  // its owner stopped it meanwhile
  if (!answer.ok()) {
    transfer_.reset();
    conclude(ended(answer));
    return true;
  }
  if (reply_.error()) {
    const AttemptEnd end = told_in_reply(*reply_.error());
    transfer_.reset();
    conclude(end);
    return true;
  }
  if (reply_.over()) {
    finish_early();
    return true;
  }
  return !paused_;
}

/// The end mark came: the answer is whole, whatever the connection does. It is read to its end in the background.
void HttpExchange::finish_early() {
  exchange_->finish(plugins::Finish::complete, *this);
  const AttemptEnd end = settle(true);
  lingering_ = std::make_unique<Timer>(home_.loop(), [this] { leave(); });
  lingering_->arm_in(linger_limit);
  home_.move_in(shared_from_this());
  conclude(end);
}

void HttpExchange::leave() {
  owner_ = nullptr;
  transfer_.reset();
  lingering_.reset();
  home_.move_out(shared_from_this());
}

void HttpExchange::on_done(const http::Done& done) {
  if (lingering_) return leave();
  if (owner_ == nullptr) return;
  const auto self = shared_from_this();
  if (status_ != 0 && !good() && done.failure != http::Failure::redirect) return conclude(refused(error_body_));
  if (done.failure != http::Failure::none) return conclude(broken(done));
  const auto answer = exchange_->finish(plugins::Finish::complete, *this);
  if (!answer.ok() && !reply_.finished()) return conclude(ended(answer));
  conclude(settle(true));
}

AttemptEnd HttpExchange::broken(const http::Done& done) {
  using http::Failure;
  if (good()) {
    exchange_->finish(plugins::Finish::truncated, *this);
    if (reply_.finished() && !reply_.error()) return settle(true);
    if (reply_.error() && reply_.error()->told) return told_in_reply(*reply_.error());
  } else if (exchange_) {
    exchange_->finish(plugins::Finish::failed, *this);
  }
  switch (done.failure) {
    case Failure::connect_timeout: return ended(fallback::failing(Reason::timed_out, done.message));
    case Failure::too_large:
    case Failure::protocol:
    case Failure::redirect: return ended(fallback::failing(Reason::invalid_reply, done.message));
    case Failure::forbidden_origin:
    case Failure::bad_request: return ended(fallback::failing(Reason::plugin_fault, done.message));
    default: return ended(fallback::failing(Reason::unreachable, done.message));
  }
}

credentials::Failure HttpExchange::failure() const { return {.status = status_, .headers = headers_, .body = error_body_.substr(0, most_body_for_hook)}; }

bool HttpExchange::on_event(const belay_event& event) {
  if (owner_ == nullptr) return false;
  const bool was_finished = reply_.finished();
  const bool content = reply_.on_event(event);
  if ((content || reply_.finished() != was_finished) && owner_ != nullptr) owner_->on_content();
  return owner_ != nullptr && !reply_.error();
}

}  // namespace belay::runtime
