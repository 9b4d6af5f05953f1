// SPDX-License-Identifier: 0BSD
//
// Errors as servers write them: finds code, type, text and parameter in the shapes there are, and lets belay/words.hpp
// say what they mean. A provider of a compatible wire needs no more than
//
//     sdk::Classification classify_error(const sdk::Failure& failure) const { return sdk::classify_by_words(failure); }
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "belay/cpp/json.hpp"
#include "belay/cpp/sinks.hpp"
#include "belay/cpp/text.hpp"
#include "belay/cpp/views.hpp"
#include "belay/words.hpp"

namespace belay::sdk {

/// What one error says; empty: nothing.
struct ErrorBody {
  std::string code, type, message, parameter;
};

/// True when a reply that should be an answer is an error object.
[[nodiscard]] inline bool tells_error(const Json& reply) {
  const auto type = reply["/error"].type();
  return type == BELAY_JSON_OBJECT || type == BELAY_JSON_STRING || reply["/object"].text() == "error";
}

namespace detail {

inline constexpr std::size_t error_text_limit = 2048;

class ErrorFinder {
 public:
  /// `depth`: how many texts that are JSON again are opened.
  ErrorFinder(std::string_view body, int depth) : depth_(depth) {
    while (!body.empty() &&
           (body.front() == ' ' || body.front() == '\t' || body.front() == '\r' || body.front() == '\n'))
      body.remove_prefix(1);
    const bool json = body.starts_with('{') || body.starts_with('[') || body.starts_with('"');
    const Json document(json ? body : std::string_view());
    if (const auto root = document[""]) {
      look(root, 6);
    } else {
      found.message = body.starts_with('<') ? title(body) : std::string(cut(body, error_text_limit));
    }
  }

  ErrorBody found;

 private:
  using Value = Json::Value;

  static void take(std::string& to, const Value& from) {
    if (to.empty() && (from.type() == BELAY_JSON_STRING || from.type() == BELAY_JSON_NUMBER))
      to = cut(from.text(), error_text_limit);
  }
  static bool is_tree(const Value& value) {
    return value.type() == BELAY_JSON_OBJECT || value.type() == BELAY_JSON_ARRAY;
  }

  /// Goes to the innermost error; what an outer level tells fills in what an inner one leaves out.
  void look(const Value& value, int levels) {
    if (levels == 0) return;
    if (value.type() == BELAY_JSON_STRING) return take(found.message, value);
    if (value.type() == BELAY_JSON_ARRAY) return look(value.element(0), levels - 1);  // Google: [{"error": ...}]
    if (value.type() != BELAY_JSON_OBJECT) return;
    if (const auto raw = value["/metadata/raw"]; raw.type() == BELAY_JSON_STRING) unwrap(raw.text());
    if (const auto text = value["/message"].text(); text.starts_with('{') || text.starts_with('[')) unwrap(text);
    for (const char* inner : {"/error", "/errors", "/detail", "/message", "/base_resp"}) {
      if (const auto tree = value[inner]; is_tree(tree)) look(tree, levels - 1);
    }
    const auto error = value["/error"];
    const bool described =
        value["/message"].type() == BELAY_JSON_STRING || value["/error_description"].type() == BELAY_JSON_STRING;
    if (error.type() == BELAY_JSON_STRING)
      take(described ? found.code : found.message, error);  // OAuth: {"error": code, "error_description": text}
    for (const char* name :
         {"/message", "/error_description", "/msg", "/detail", "/error_msg", "/status_msg", "/Message", "/title"}) {
      take(found.message, value[name]);
    }
    for (const char* name : {"/code", "/error_code", "/status_code", "/statusCode", "/http_status_code"})
      take(found.code, value[name]);
    for (const char* name : {"/type", "/status", "/__type"}) take(found.type, value[name]);
    take(found.parameter, value["/param"]);
    place(value["/loc"]);
  }

  /// OpenRouter and other relays wrap what their own upstream said as a text; it says more than theirs.
  void unwrap(std::string_view raw) {
    if (depth_ == 0) return;
    ErrorBody inner = ErrorFinder(raw, depth_ - 1).found;
    if (found.message.empty() && !inner.message.empty()) found = std::move(inner);
  }

  /// FastAPI's place of a fault: ["body", "max_tokens"].
  void place(const Value& loc) {
    for (std::int64_t i = 0; loc.type() == BELAY_JSON_ARRAY && i < loc.integer() && found.parameter.empty(); ++i) {
      const auto part = loc.element(static_cast<std::uint64_t>(i));
      if (part.type() == BELAY_JSON_STRING && part.text() != "body") found.parameter = part.text();
    }
  }

  static std::string title(std::string_view html) {
    const auto begin = html.find("<title>");
    if (begin == std::string_view::npos) return {};
    const auto rest = html.substr(begin + 7);
    return std::string(cut(rest.substr(0, rest.find("</title>")), 200));
  }

  int depth_;
};

}  // namespace detail

/// Reads a body: {"error": {...}}, {"error": "..."}, {"message": ...}, {"detail": [...]}, lists of these, an error
/// wrapped as JSON text, plain text, the title of a page. Bounded; whatever it gets.
[[nodiscard]] inline ErrorBody read_error(std::string_view body) { return detail::ErrorFinder(body, 2).found; }

/// Emits the error that a 200 reply told.
inline void error_in_reply(Sink& sink, int status, std::string_view body) {
  const ErrorBody told = read_error(body);
  belay_failure failure{};
  failure.size = sizeof failure;
  failure.kind = BELAY_FAILURE_IN_REPLY;
  failure.status = status;
  failure.body = bytes(cut(body, failure_limit));
  failure.code = str(told.code);
  failure.type = str(told.type);
  failure.message = str(told.message);
  failure.parameter = str(told.parameter);
  sink.error(failure);
}

/// classify_error() by belay/words.hpp alone.
[[nodiscard]] inline Classification classify_by_words(const Failure& failure) {
  if (failure.kind() != BELAY_FAILURE_STATUS && failure.kind() != BELAY_FAILURE_IN_REPLY) return {};
  ErrorBody error{std::string(failure.code()), std::string(failure.type()), std::string(failure.message()),
                  std::string(failure.parameter())};
  if (error.code.empty() && error.type.empty() && error.message.empty()) error = read_error(failure.body());
  words::Meaning meaning = words::meaning_of({.status = failure.status(),
                                              .code = error.code,
                                              .type = error.type,
                                              .message = error.message,
                                              .parameter = error.parameter,
                                              .body = failure.body()});
  Classification out;
  out.reason = meaning.reason;
  out.retry_after_ms = meaning.retry_after_ms;
  out.reset_unix_ms = meaning.reset_unix_ms;
  out.affordable_tokens = meaning.affordable_tokens;
  out.message = std::move(error.message);
  out.parameter = std::move(meaning.parameter);
  out.rename = std::move(meaning.rename);
  return out;
}

}  // namespace belay::sdk
