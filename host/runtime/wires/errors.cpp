#include "errors.hpp"

#include "write.hpp"

namespace belay::runtime::wires {
namespace {

using fallback::Outcome;
using fallback::Reason;

std::string_view code_of(const CallResult& result) { return result.trace.reason ? to_string(*result.trace.reason) : "failed"; }

/// OpenAI's word for the kind of error.
std::string_view openai_type(const CallResult& result) {
  if (result.unfit) return "invalid_request_error";
  switch (result.trace.outcome) {
    case Outcome::refused: return "invalid_request_error";
    case Outcome::deadline: return "timeout_error";
    case Outcome::cancelled: return "cancelled";
    default: return "upstream_error";
  }
}

/// Anthropic's word for it (API reference, "Errors"). What happened with our own logins is no authentication error of the caller.
std::string_view anthropic_type(const CallResult& result) {
  if (result.unfit) return "invalid_request_error";
  if (result.trace.outcome == Outcome::deadline) return "timeout_error";
  if (!result.trace.reason) return "api_error";
  switch (*result.trace.reason) {
    case Reason::request_too_large: return "request_too_large";
    case Reason::bad_request:
    case Reason::context_too_long:
    case Reason::content_refused:
    case Reason::unsupported_parameter: return "invalid_request_error";
    case Reason::model_unavailable: return result.trace.outcome == Outcome::refused ? "not_found_error" : "api_error";
    case Reason::permission_denied: return result.trace.outcome == Outcome::refused ? "permission_error" : "api_error";
    case Reason::rate_limited: return "rate_limit_error";
    case Reason::overloaded: return "overloaded_error";
    case Reason::timed_out:
    case Reason::deadline_exceeded: return "timeout_error";
    default: return "api_error";
  }
}

void write_param(Object& to, const CallResult& result) {
  if (result.param.empty()) to.null("param");
  else to.text("param", result.param);
}

void write_trace(Object& to, const CallResult& result) {
  json::key(to.to(), "trace");
  fallback::write(to.to(), result.trace);
}

std::string openai_error(const CallResult& result) {
  Object error;
  error.text("message", result.error).text("type", openai_type(result));
  write_param(error, result);
  error.text("code", code_of(result));
  write_trace(error, result);
  return std::string(error.end());
}

std::string anthropic_body(const CallResult& result) {
  Object error, out;
  error.text("type", anthropic_type(result)).text("message", result.error).text("code", code_of(result));
  write_param(error, result);
  // What Anthropic's own SDK looks for before it sends the whole history instead.
  if (result.unfit && result.param == "thread") error.json("details", R"({"error_code":"thread_unsupported_request","unsupported":["thread"]})");
  write_trace(error, result);
  out.text("type", "error").json("error", error.end()).text("request_id", result.trace.id);
  return std::string(out.end());
}

/// A response that failed, put together from how it was last told. Its codes are a closed list, in which these are the ones that fit.
std::string failed_response(const CallResult& result) {
  auto response = json::parse(result.so_far.response);
  if (!response || !response->IsObject()) return {};
  auto& memory = response->GetAllocator();
  const auto text = [&memory](std::string_view value) { return json::Value(value.data(), static_cast<rapidjson::SizeType>(value.size()), memory); };
  const auto set = [&](const char* name, json::Value value) {
    response->RemoveMember(name);
    response->AddMember(json::Value(name, memory), value, memory);
  };
  json::Value error(rapidjson::kObjectType);
  error.AddMember("code", text(result.trace.reason == Reason::rate_limited ? "rate_limit_exceeded" : "server_error"), memory);
  error.AddMember("message", text(result.error), memory);
  set("status", text("failed"));
  set("error", std::move(error));
  return json::text(*response);
}

std::vector<std::string> responses_events(const CallResult& result) {
  std::vector<std::string> out;
  std::int64_t number = result.so_far.next_event;
  if (const std::string response = failed_response(result); !response.empty()) {
    Object failed;
    failed.text("type", "response.failed").json("response", response).number("sequence_number", number++);
    out.emplace_back(failed.end());
  }
  // The API's own event has its members at the top; OpenAI's clients throw on the member `error` alone.
  Object event;
  event.text("type", "error").text("code", code_of(result)).text("message", result.error);
  write_param(event, result);
  event.number("sequence_number", number).json("error", openai_error(result));
  out.emplace_back(event.end());
  return out;
}

}  // namespace

std::string error_body(const CallResult& result, Wire wire) {
  return wire == Wire::messages ? anthropic_body(result) : "{\"error\":" + openai_error(result) + "}";
}

std::vector<std::string> error_events(const CallResult& result, Wire wire) {
  if (wire == Wire::responses) return responses_events(result);
  return {error_body(result, wire)};
}

}  // namespace belay::runtime::wires
