#include "own_error.hpp"

#include "base/json.hpp"
#include "endpoint.hpp"

namespace belay::gateway {
namespace {

/// Anthropic API reference, "Errors"; OpenAI's types are the same words where it has one.
std::string_view type_of(int status) {
  switch (status) {
    case 401: return "authentication_error";
    case 403: return "permission_error";
    case 404: return "not_found_error";
    case 413: return "request_too_large";
    case 429: return "rate_limit_error";
    default: return status >= 500 ? "api_error" : "invalid_request_error";
  }
}

}  // namespace

std::string own_error(std::string_view wire, int status, std::string_view code, std::string_view message, std::string_view id) {
  json::Buffer buffer;
  json::Writer to(buffer);
  const auto text = [&to](std::string_view name, std::string_view value) {
    json::key(to, name);
    json::str(to, value);
  };
  to.StartObject();
  const bool anthropic = wire == messages_wire;
  if (anthropic) text("type", "error");
  json::key(to, "error");
  to.StartObject();
  text("type", type_of(status));
  text("message", message);
  if (!anthropic) {
    json::key(to, "param");
    to.Null();
  }
  text("code", code);
  text("source", "gateway");
  to.EndObject();
  if (anthropic && !id.empty()) text("request_id", id);
  to.EndObject();
  return std::string(json::view(buffer));
}

}  // namespace belay::gateway
