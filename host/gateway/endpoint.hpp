// Endpoint: what a request's method and path ask for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace belay::gateway {

enum class Ask {
  call,         ///< POST of one of the wires below
  models,       ///< GET /v1/models
  model,        ///< GET /v1/models/ID
  health,       ///< GET /healthz
  ready,        ///< GET /readyz
  metrics,      ///< GET /metrics
  status,       ///< GET /belay/status
  traces,       ///< GET /belay/traces
  trace,        ///< GET /belay/traces/ID
  page,         ///< GET / and what it loads
  wrong_method,
  unknown,
};

struct Endpoint {
  Ask ask = Ask::unknown;
  std::string_view operation;          ///< of a call: "chat", "embeddings", "count_tokens"
  std::string_view wire;               ///< of a call, and of its errors
  std::string_view name;               ///< the ID at the end of the path; of a page: its file
  std::string_view allow;              ///< of wrong_method: what would be right
};

/// Paths of a call and of models may lack the leading "/v1": base URLs are written both ways.
Endpoint endpoint_of(std::string_view method, std::string_view path);

/// Percent-decoded (RFC 3986 2.1): official clients write "p%2Fm" for p/m. nullopt: not well-formed.
std::optional<std::string> decoded(std::string_view text);

inline constexpr std::string_view chat_wire = "openai.chat/1";
inline constexpr std::string_view responses_wire = "openai.responses/1";
inline constexpr std::string_view messages_wire = "anthropic.messages/1";

}  // namespace belay::gateway
