#include "endpoint.hpp"

namespace belay::gateway {
namespace {

struct Posted {
  std::string_view path, operation, wire;
};

constexpr Posted posted[] = {
    {"/chat/completions", "chat", chat_wire},
    {"/responses", "chat", responses_wire},
    {"/messages", "chat", messages_wire},
    {"/messages/count_tokens", "count_tokens", messages_wire},
    {"/embeddings", "embeddings", chat_wire},
};

struct Got {
  std::string_view path;
  Ask ask;
};

constexpr Got got[] = {
    {"/healthz", Ask::health}, {"/readyz", Ask::ready},        {"/metrics", Ask::metrics}, {"/belay/status", Ask::status},
    {"/belay/traces", Ask::traces}, {"/", Ask::page},
};

Endpoint wrong(std::string_view wire, std::string_view allow) { return {.ask = Ask::wrong_method, .operation = {}, .wire = wire, .name = {}, .allow = allow}; }

}  // namespace

Endpoint endpoint_of(std::string_view method, std::string_view path) {
  const bool get = method == "GET" || method == "HEAD";
  const std::string_view api = path.starts_with("/v1/") ? path.substr(3) : path;
  for (const auto& one : posted) {
    if (api != one.path) continue;
    if (method != "POST") return wrong(one.wire, "POST");
    return {.ask = Ask::call, .operation = one.operation, .wire = one.wire, .name = {}, .allow = {}};
  }
  const auto reading = [&](Ask ask, std::string_view name = {}) {
    if (!get) return wrong(chat_wire, "GET, HEAD");
    return Endpoint{.ask = ask, .operation = {}, .wire = chat_wire, .name = name, .allow = {}};
  };
  if (api == "/models") return reading(Ask::models);
  constexpr std::string_view one_model = "/models/", one_trace = "/belay/traces/", asset = "/belay/page/";
  if (api.starts_with(one_model)) return reading(Ask::model, api.substr(one_model.size()));
  for (const auto& one : got) {
    if (path == one.path) return reading(one.ask);
  }
  if (path.starts_with(one_trace)) return reading(Ask::trace, path.substr(one_trace.size()));
  if (path.starts_with(asset)) return reading(Ask::page, path.substr(asset.size()));
  return {.ask = Ask::unknown, .operation = {}, .wire = path.ends_with("/messages") ? messages_wire : chat_wire, .name = {}, .allow = {}};
}

std::optional<std::string> decoded(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1, low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace belay::gateway
