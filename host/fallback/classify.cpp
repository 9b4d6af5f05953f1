#include "fallback/classify.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "belay/words.hpp"
#include "fallback/policy.hpp"

namespace belay::fallback {
namespace {

constexpr std::size_t longest_message = 500;

std::string scalar(const json::Value* value) {
  if (value == nullptr) return {};
  if (value->IsString()) return std::string(json::view(*value));
  if (value->IsNumber()) return json::text(*value);
  return {};
}

ErrorText of_value(const json::Value& value, int depth);

ErrorText of_object(const json::Value& object, int depth) {
  ErrorText out;
  out.code = scalar(json::find(object, "code"));
  out.type = scalar(json::find(object, "type"));
  if (out.type.empty()) out.type = scalar(json::find(object, "status"));  // Google's word, e.g. RESOURCE_EXHAUSTED
  out.parameter = scalar(json::find(object, "param"));
  out.message = scalar(json::find(object, "message"));
  if (out.message.empty()) out.message = scalar(json::find(object, "msg"));
  // OpenRouter and other relays wrap what their own upstream said as a JSON text.
  if (const auto* raw = json::at(object, "/metadata/raw"); raw != nullptr && raw->IsString() && depth > 0) {
    if (auto inner = error_text(json::view(*raw)); !inner.empty() && !inner.message.empty()) {
      if (inner.code.empty()) inner.code = out.code;
      inner.message = out.message.empty() ? inner.message : out.message + ": " + inner.message;
      return inner;
    }
  }
  return out;
}

/// FastAPI's list of what is wrong: [{"loc": ["body", "x"], "msg": "Extra inputs are not permitted", "type": "extra_forbidden"}].
ErrorText of_detail(const json::Value& detail, int depth) {
  if (!detail.IsArray() || detail.Empty()) return of_value(detail, depth - 1);
  ErrorText out = of_object(detail[0], depth);
  if (const auto* place = json::find(detail[0], "loc"); place != nullptr && place->IsArray()) {
    for (const auto& part : place->GetArray()) {
      if (part.IsString() && json::view(part) != "body") {
        out.parameter = json::view(part);
        break;
      }
    }
  }
  return out;
}

ErrorText of_value(const json::Value& value, int depth) {
  if (depth <= 0) return {};
  if (value.IsString()) return {.code = {}, .type = {}, .message = std::string(json::view(value)), .parameter = {}};
  if (value.IsArray()) return value.Empty() ? ErrorText{} : of_value(value[0], depth - 1);
  if (!value.IsObject()) return {};
  if (const auto* error = json::find(value, "error"); error != nullptr && !error->IsNull()) {
    ErrorText out = of_value(*error, depth - 1);
    if (error->IsString()) {
      if (auto words = scalar(json::find(value, "message")); !words.empty()) {
        out.code = out.message;
        out.message = words;
      } else if (auto described = scalar(json::find(value, "error_description")); !described.empty()) {
        out.code = out.message;
        out.message = described;
      }
    }
    return out;
  }
  if (const auto* errors = json::find(value, "errors"); errors != nullptr) return of_value(*errors, depth - 1);
  if (const auto* detail = json::find(value, "detail"); detail != nullptr && !detail->IsNull()) return of_detail(*detail, depth);
  return of_object(value, depth);
}

std::string html_title(std::string_view body) {
  const auto begin = body.find("<title>");
  if (begin == std::string_view::npos) return {};
  const auto end = body.find("</title>", begin);
  return std::string(body.substr(begin + 7, std::min(end, begin + 207) - begin - 7));
}

std::optional<Reason> reason_of(std::uint32_t number) {
  using enum Reason;
  static constexpr std::array<Reason, 15> reasons = {auth_rejected,     quota_exhausted,   rate_limited,  overloaded,            server_error,
                                                     unreachable,       timed_out,         model_unavailable, permission_denied, invalid_reply,
                                                     unsupported_parameter, context_too_long, request_too_large, bad_request,    content_refused};
  return number == BELAY_REASON_UNKNOWN || number > reasons.size() ? std::nullopt : std::optional(reasons[number - 1]);
}

/// A plugin may only narrow what the table says: credential > credential + model > target > nothing; an endpoint may become a target.
Scope narrowed(Scope scope, std::uint32_t proposed) {
  const auto rank = [](Scope s) {
    switch (s) {
      case Scope::none: return 0;
      case Scope::target: return 1;
      case Scope::credential_model: return 2;
      case Scope::credential: return 3;
      case Scope::endpoint: return 3;
      case Scope::plugin: return 4;
    }
    return 0;
  };
  Scope wanted = scope;
  if (proposed == BELAY_SCOPE_REQUEST) wanted = Scope::none;
  if (proposed == BELAY_SCOPE_TARGET) wanted = Scope::target;
  if (proposed == BELAY_SCOPE_CREDENTIAL_MODEL) wanted = Scope::credential_model;
  if (proposed == BELAY_SCOPE_CREDENTIAL) wanted = Scope::credential;
  if (proposed == BELAY_SCOPE_ENDPOINT) wanted = Scope::endpoint;
  return rank(wanted) < rank(scope) ? wanted : scope;
}

std::string cut_message(std::string_view text) {
  std::string out(cut_utf8(text, longest_message));
  if (out.size() < text.size()) out += "...";
  return out;
}

}  // namespace

ErrorText error_text(std::string_view body) {
  while (!body.empty() && (body.front() == ' ' || body.front() == '\n' || body.front() == '\r' || body.front() == '\t')) body.remove_prefix(1);
  if (body.empty()) return {};
  if (body.front() == '{' || body.front() == '[' || body.front() == '"') {
    if (const auto document = json::parse(body, {.bytes = 256u << 10, .depth = 32})) return of_value(*document, 4);
  }
  ErrorText out;
  out.message = body.front() == '<' ? html_title(body) : std::string(cut_utf8(body, longest_message));
  if (!valid_utf8(out.message)) out.message = printable(out.message);
  return out;
}

Failing failing(Reason reason, std::string message) {
  Failing out;
  out.reason = reason;
  out.scope = policy(reason).scope;
  out.message = cut_message(message);
  return out;
}

Failing classify(int status, const Headers& headers, std::string_view body, const ErrorText& error, const Proposal& proposal, UnixMs now) {
  const bool in_reply = status >= 200 && status < 300;
  const auto meaning = words::meaning_of({.status = status, .code = error.code, .type = error.type, .message = error.message.empty() ? body.substr(0, 2048) : std::string_view(error.message), .parameter = error.parameter, .body = body});
  const auto host = reason_of(meaning.reason);
  const auto proposed = reason_of(proposal.reason);
  const bool stranger = status < 200 || (status >= 300 && status < 400);  // a 3xx that nobody follows
  Failing out = failing(proposed ? *proposed : stranger ? Reason::invalid_reply : host.value_or(in_reply ? Reason::invalid_reply : Reason::permission_denied), "");
  if (proposed) out.scope = narrowed(out.scope, proposal.scope);

  out.parameter = !proposal.parameter.empty() ? proposal.parameter : meaning.parameter;
  out.rename = !proposal.parameter.empty() ? proposal.rename : meaning.rename;
  out.affordable_tokens = proposal.affordable_tokens >= 0 ? proposal.affordable_tokens : meaning.affordable_tokens;
  // A parameter without which there is no request cannot be dropped: that is a bad request.
  if (out.reason == Reason::unsupported_parameter && (out.parameter.empty() || words::is_indispensable(out.parameter))) out = failing(Reason::bad_request, "");

  out.retry_after = retry_after(headers, now);
  if (!out.retry_after && proposal.retry_after_ms >= 0) out.retry_after = Millis(proposal.retry_after_ms);
  if (!out.retry_after && proposal.reset_unix_ms > now) out.retry_after = Millis(proposal.reset_unix_ms - now);
  if (!out.retry_after && meaning.retry_after_ms >= 0) out.retry_after = Millis(meaning.retry_after_ms);
  if (!out.retry_after && meaning.reset_unix_ms > now) out.retry_after = Millis(meaning.reset_unix_ms - now);

  std::string text = !proposal.message.empty() ? proposal.message : error.message;
  if (text.empty()) text = "HTTP " + std::to_string(status);
  out.message = cut_message(text);
  return out;
}

}  // namespace belay::fallback
