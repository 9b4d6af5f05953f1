// The way from the store to a plugin's refresh_credentials(), and the services a plugin may use inside it. Every secret leaves only for where its
// credential is bound to; a refresh token and a client secret only for the token endpoint.
#include <algorithm>
#include <array>

#include "base/origin.hpp"
#include "engine.hpp"
#include "http/client.hpp"

namespace belay::runtime {
namespace {

using credentials::Cause;
using credentials::HookInput;
using credentials::HookOutput;
using credentials::RefreshOutcome;

constexpr std::size_t most_reply = 1u << 20;

belay_str str(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(belay_str text) { return {text.ptr == nullptr ? "" : text.ptr, static_cast<std::size_t>(text.len)}; }
std::string_view view(belay_bytes bytes) { return {bytes.ptr == nullptr ? "" : reinterpret_cast<const char*>(bytes.ptr), static_cast<std::size_t>(bytes.len)}; }
std::int64_t ns(MonoTime moment) { return std::chrono::duration_cast<std::chrono::nanoseconds>(moment.time_since_epoch()).count(); }

std::uint32_t number_of(Cause cause) {
  switch (cause) {
    case Cause::rejected: return BELAY_CAUSE_REJECTED;
    case Cause::forbidden: return BELAY_CAUSE_FORBIDDEN;
    case Cause::missing: return BELAY_CAUSE_MISSING;
    case Cause::expired: return BELAY_CAUSE_EXPIRED;
    case Cause::advisory: return BELAY_CAUSE_ADVISORY;
    case Cause::operator_: return BELAY_CAUSE_OPERATOR;
  }
  return BELAY_CAUSE_REJECTED;
}

RefreshOutcome outcome_of(std::uint32_t number) {
  switch (number) {
    case BELAY_REFRESHED: return RefreshOutcome::refreshed;
    case BELAY_UNCHANGED: return RefreshOutcome::unchanged;
    case BELAY_NOT_APPLICABLE: return RefreshOutcome::not_applicable;
    case BELAY_FAILED_PERMANENT: return RefreshOutcome::failed_permanent;
    case BELAY_NEEDS_INTERACTION: return RefreshOutcome::needs_interaction;
    default: return RefreshOutcome::failed_transient;
  }
}

std::uint32_t number_of(RefreshOutcome outcome) {
  switch (outcome) {
    case RefreshOutcome::refreshed: return BELAY_REFRESHED;
    case RefreshOutcome::unchanged: return BELAY_UNCHANGED;
    case RefreshOutcome::not_applicable: return BELAY_NOT_APPLICABLE;
    case RefreshOutcome::failed_permanent: return BELAY_FAILED_PERMANENT;
    case RefreshOutcome::needs_interaction: return BELAY_NEEDS_INTERACTION;
    default: return BELAY_FAILED_TRANSIENT;
  }
}

bool is_url_field(std::string_view name) { return name.ends_with("url") || name.ends_with("uri"); }

/// What goes nowhere but to the token endpoint.
bool is_grant_field(std::string_view name) { return name == "refresh_token" || name == "client_secret"; }

/// One refresh: what the plugin may ask for while its hook runs.
class HookServices final : public plugins::RefreshServices {
 public:
  HookServices(Engine& engine, const HookInput& input, const Served& served) : engine_(engine), input_(input), served_(served) {
    for (const auto& field : input.fields) {
      if (!is_url_field(field.name)) continue;
      if (const auto origin = origin_of(field.value.reveal())) url_origins_.push_back(origin->text());
      if (field.name == "token_url") token_origin_ = url_origins_.empty() ? "" : url_origins_.back();
    }
    for (const auto& credential : served.settings->pool.credentials) {
      if (credential.id == input.id) allowed_ = credential.allow_origins;
    }
    allowed_.push_back(served.settings->pool.origin);
    allowed_.insert(allowed_.end(), url_origins_.begin(), url_origins_.end());
    allowed_.insert(allowed_.end(), served.note_origins.begin(), served.note_origins.end());
  }

  const CancelToken& cancel() override { return input_.cancel; }

  HttpReply http(const belay_http_request& from) override {
    http::Request request;
    request.method = view(from.method);
    request.url = view(from.url);
    request.body = std::make_shared<const std::string>(view(from.body));
    request.body_sensitive = (from.flags & BELAY_SECRET) != 0 || holds_secret(*request.body);
    for (std::uint32_t i = 0; i < from.headers.count; ++i) {
      const auto& header = *reinterpret_cast<const belay_field*>(reinterpret_cast<const char*>(from.headers.at) + std::size_t{i} * from.headers.stride);
      request.headers.push_back({std::string(view(header.name)), std::string(view(header.value)), (header.flags & BELAY_SECRET) != 0 || holds_secret(view(header.value))});
    }
    return send(std::move(request));
  }

  Result<std::string> read_source(std::string_view source) override {
    if (!input_.read_source) return fail("there are no sources to read");
    auto value = input_.read_source(source);
    if (!value) return value.error();
    return std::string(value->reveal());
  }

  plugins::Answer default_refresh(const belay_refresh_in&, belay_refresh_out& out, std::vector<plugins::EmittedField>& fields) override {
    const auto send_form = [this](const credentials::HttpRequest& wanted, MonoTime, const CancelToken&) {
      http::Request request;
      request.method = wanted.method;
      request.url = wanted.url;
      for (const auto& [name, value] : wanted.headers) request.headers.push_back({name, value, holds_secret(value)});
      request.body = std::make_shared<const std::string>(wanted.body);
      request.body_sensitive = true;
      auto reply = send(std::move(request));
      return credentials::HttpReply{reply.status, std::move(reply.headers), std::move(reply.body), std::move(reply.error)};
    };
    HookOutput output = credentials::default_refresh(input_, send_form, engine_.clock);
    out.outcome = number_of(output.outcome);
    out.expires_unix_ms = output.never_expires ? -1 : output.expires.value_or(0);
    out.refresh_after_unix_ms = output.refresh_after.value_or(0);
    out.retry_after_ms = output.retry_after ? output.retry_after->count() : -1;
    if (output.connection_bound) out.flags |= BELAY_REFRESH_CONNECTION_BOUND;
    for (const auto& field : output.fields) fields.push_back({field.name, std::string(field.value.reveal()), field.secret});
    return {plugins::Status::ok, output.message};
  }

 private:
  HttpReply send(http::Request request) {
    HttpReply out;
    request.secret_origins = holds_grant(request) ? (token_origin_.empty() ? url_origins_ : std::vector{token_origin_}) : allowed_;
    request.endpoint = &served_.settings->endpoint;
    request.max_body_bytes = most_reply;
    if (input_.before_request) {
      if (auto noted = input_.before_request(); !noted) {
        out.answer = BELAY_ERR_INTERNAL;
        out.error = noted.error().message;
        return out;
      }
    }
    LoopThread& home = engine_.loops->pick();
    http::Reply reply = http::perform(home.loop(), home.client(), std::move(request), input_.deadline, input_.cancel);
    using http::Failure;
    switch (reply.done.failure) {
      case Failure::none: break;
      case Failure::redirect: break;  // a 3xx is an answer here: the hook sees that it is none
      case Failure::forbidden_origin:
      case Failure::bad_request: out.answer = BELAY_ERR_CONTRACT; break;
      case Failure::timed_out: out.answer = BELAY_ERR_DEADLINE; break;
      case Failure::cancelled: out.answer = BELAY_ERR_CANCELLED; break;
      default: out.answer = BELAY_ERR_PROTOCOL; break;
    }
    if (out.answer != BELAY_OK) {
      out.error = reply.done.message;
      return out;
    }
    out.status = reply.head.status;
    out.headers = std::move(reply.head.headers);
    out.body = std::move(reply.body);
    return out;
  }

  [[nodiscard]] bool holds_secret(std::string_view text) const {
    return std::any_of(input_.fields.begin(), input_.fields.end(), [text](const auto& field) {
      return field.secret && !field.value.empty() && text.find(field.value.reveal()) != std::string_view::npos;
    });
  }
  [[nodiscard]] bool holds_grant(const http::Request& request) const {
    return std::any_of(input_.fields.begin(), input_.fields.end(), [&request](const auto& field) {
      if (!is_grant_field(field.name) || field.value.empty()) return false;
      const auto value = field.value.reveal();
      return request.body->find(value) != std::string::npos || request.body_sensitive ||
             std::any_of(request.headers.begin(), request.headers.end(), [value](const auto& header) { return header.value.find(value) != std::string::npos; });
    });
  }

  Engine& engine_;
  const HookInput& input_;
  const Served& served_;
  std::vector<std::string> allowed_, url_origins_;
  std::string token_origin_;
};

/// The input in the ABI's shape; its views point into `input`.
struct Lent {
  std::vector<belay_field> fields, headers;
  belay_failure failure{};
  belay_refresh_in in{};

  explicit Lent(const HookInput& input) {
    for (const auto& field : input.fields) fields.push_back({str(field.name), str(field.value.reveal()), field.secret ? BELAY_SECRET : 0, 0});
    in.size = sizeof in;
    in.cause = number_of(input.cause);
    in.id = str(input.id);
    in.type = str(input.type);
    in.failed_generation = input.generation;
    in.fields = {fields.data(), static_cast<std::uint32_t>(fields.size()), sizeof(belay_field)};
    in.expires_unix_ms = input.expires.value_or(0);
    in.deadline_ns = ns(input.deadline);
    in.attempt = 1;
    if (input.failure.status == 0) return;
    for (const auto& [name, value] : input.failure.headers) headers.push_back({str(name), str(value), 0, 0});
    failure.size = sizeof failure;
    failure.kind = BELAY_FAILURE_STATUS;
    failure.status = input.failure.status;
    failure.headers = {headers.data(), static_cast<std::uint32_t>(headers.size()), sizeof(belay_field)};
    failure.body = {reinterpret_cast<const std::uint8_t*>(input.failure.body.data()), input.failure.body.size()};
    in.failure = &failure;
  }
};

HookOutput read(const plugins::Answer& answer, const belay_refresh_out& out, std::vector<plugins::EmittedField>& fields) {
  HookOutput output;
  output.message = answer.text;
  output.outcome = answer.ok() ? outcome_of(out.outcome) : RefreshOutcome::failed_transient;
  if (output.outcome == RefreshOutcome::refreshed) {
    for (auto& field : fields) output.fields.push_back({std::move(field.name), Secret(field.value), field.secret});
  }
  for (auto& field : fields) wipe(field.value.data(), field.value.size());
  if (out.expires_unix_ms > 0) output.expires = out.expires_unix_ms;
  output.never_expires = out.expires_unix_ms == -1;
  if (out.refresh_after_unix_ms > 0) output.refresh_after = out.refresh_after_unix_ms;
  if (out.retry_after_ms >= 0) output.retry_after = Millis(out.retry_after_ms);
  output.connection_bound = (out.flags & BELAY_REFRESH_CONNECTION_BOUND) != 0;
  return output;
}

}  // namespace

HookOutput run_hook(Engine& engine, const HookInput& input) {
  const auto served = engine.instances->get(input.provider);
  if (!served) return {.outcome = RefreshOutcome::failed_transient, .message = served.error().message};
  const Lent lent(input);
  HookServices services(engine, input, **served);
  belay_refresh_out out{};
  out.size = sizeof out;
  out.outcome = BELAY_FAILED_TRANSIENT;
  out.retry_after_ms = -1;
  std::vector<plugins::EmittedField> fields;
  const plugins::Answer answer = (*served)->instance->refresh(lent.in, out, fields, services);
  return read(answer, out, fields);
}

}  // namespace belay::runtime
