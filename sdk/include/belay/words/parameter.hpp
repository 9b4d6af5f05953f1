// SPDX-License-Identifier: 0BSD
//
// Which member of a request an error refuses, and what it should be called instead. Told by codes, by the error's own
// `param`, or by texts such as "Unsupported parameter: 'max_tokens' is not supported with this model. Use
// 'max_completion_tokens' instead."
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "belay/words/text.hpp"

namespace belay::words::detail {

// clang-format off: lists to be read
inline constexpr std::array parameter_codes =
    std::to_array<std::string_view>({"unsupported_parameter", "unknown_parameter", "unrecognized_parameter",
                                     "unsupported_value", "unrecognized_request_argument", "extra_forbidden",
                                     "parameter_unsupported", "unsupported_feature", "unrecognized_keys"});
/// A text that has one of them and names a parameter refuses it.
inline constexpr std::array parameter_markers = std::to_array<std::string_view>(
    {"unsupported",        "not supported",    "does not support",  "doesn't support",
     "don't support",      "do not support",   "not support",       "unknown parameter",
     "unrecognized",       "unrecognised",     "invalid parameter", "unknown name",
     "unknown field",      "unknown argument", "extra inputs",      "extra fields",
     "extra_forbidden",    "not permitted",    "not allowed",       "was unexpected",
     "unexpected keyword", "is deprecated",    "cannot be used",    "can't be used",
     "cannot be disabled", "cannot both be",   "only allowed when", "is allowed for this model",
     "may only be set",    "unavailable",      "not available",     "not accepted",
     "is mandatory"});
/// The refused name comes right behind them.
inline constexpr std::array parameter_leads = std::to_array<std::string_view>(
    {"unsupported parameter", "unsupported_parameter", "unknown parameter", "unrecognized parameter",
     "unrecognised parameter", "invalid parameter", "unrecognized request argument supplied",
     "unrecognized request arguments supplied", "unrecognized argument", "unrecognized key", "unknown argument",
     "unknown name", "unknown field", "unexpected keyword argument", "unsupported value"});
inline constexpr std::array known_parameters = std::to_array<std::string_view>({"max_completion_tokens",
                                                                                "max_output_tokens",
                                                                                "max_tokens",
                                                                                "temperature",
                                                                                "top_p",
                                                                                "top_k",
                                                                                "min_p",
                                                                                "response_format",
                                                                                "frequency_penalty",
                                                                                "presence_penalty",
                                                                                "repetition_penalty",
                                                                                "parallel_tool_calls",
                                                                                "tool_choice",
                                                                                "reasoning_effort",
                                                                                "include_reasoning",
                                                                                "reasoning_format",
                                                                                "thinking_budget",
                                                                                "enable_thinking",
                                                                                "chat_template_kwargs",
                                                                                "stream_options",
                                                                                "logit_bias",
                                                                                "top_logprobs",
                                                                                "logprobs",
                                                                                "service_tier",
                                                                                "safety_identifier",
                                                                                "prompt_cache_key",
                                                                                "prompt_cache_retention",
                                                                                "function_call",
                                                                                "web_search_options",
                                                                                "extra_body",
                                                                                "cache_control",
                                                                                "output_config",
                                                                                "reasoning",
                                                                                "thinking",
                                                                                "seed",
                                                                                "verbosity",
                                                                                "modalities",
                                                                                "prediction",
                                                                                "metadata",
                                                                                "store",
                                                                                "stop",
                                                                                "user",
                                                                                "audio",
                                                                                "tools",
                                                                                "functions",
                                                                                "n"});
/// Ordinary words too: parameters only where they are quoted.
inline constexpr std::array ordinary_words =
    std::to_array<std::string_view>({"seed", "verbosity", "modalities", "prediction", "metadata", "store", "stop",
                                     "user", "audio", "tools", "functions", "n"});
/// Told by name alone, whatever is said of them.
inline constexpr std::array reasoning_parameters =
    std::to_array<std::string_view>({"reasoning_effort", "include_reasoning", "reasoning_format", "thinking_budget",
                                     "enable_thinking", "chat_template_kwargs"});
inline constexpr std::array choice_markers = std::to_array<std::string_view>(
    {"invalid", "must be one of", "supported values", "expected one of", "input should be", "not valid", "not one of"});
/// Engines of structured output that gave up; any of these alone means response_format.
inline constexpr std::array grammar_words =
    std::to_array<std::string_view>({"guided_grammar", "xgrammar", "compile_grammar_error", "response mime type",
                                     "response_schema", "response_json_schema"});
/// Without these there is no request.
inline constexpr std::array indispensable =
    std::to_array<std::string_view>({"model", "messages", "input", "prompt", "stream"});
// clang-format on

/// "reasoning.effort", "messages[0].content", "/tools/0" become their top-level member.
inline std::string top_level(std::string_view path) {
  for (auto prefix :
       {std::string_view("body."), std::string_view("body/"), std::string_view("/"), std::string_view("$.")}) {
    if (path.starts_with(prefix)) path.remove_prefix(prefix.size());
  }
  std::size_t end = 0;
  while (end < path.size() && name_char(path[end])) ++end;
  return std::string(path.substr(0, end));
}

/// The name behind `lead`: "unsupported parameter(s): `a`, `b`" gives a. Nothing of the next sentence.
inline std::string name_after(std::string_view text, std::string_view lead) {
  std::size_t at = text.find(lead);
  if (at == std::string_view::npos) return {};
  at += lead.size();
  if (text.substr(at).starts_with("(s)")) at += 3;
  if (at < text.size() && text[at] == 's') ++at;
  while (at < text.size() && !name_char(text[at])) {
    if (text[at] == '.' || text[at] == '\n') return {};
    ++at;
  }
  return top_level(text.substr(at));
}

/// "Unrecognized request argument supplied: foo": the name stands alone behind the colon, so it may be any word.
inline bool stands_alone(std::string_view text, std::string_view lead, std::string_view name) {
  if (lead == "invalid parameter" || lead == "unsupported value") return false;  // a sentence may follow these
  const std::size_t at = text.find(std::string(lead) + ": " + std::string(name));
  if (at == std::string_view::npos) return false;
  const std::string_view rest = text.substr(at + lead.size() + 2 + name.size());
  return rest.empty() || rest[0] == ',' || rest[0] == ';' || rest[0] == '\n' || rest == ".";
}

/// True for places inside of a message or tool ("messages.0.content", "tools[0]"), which no top-level member stands
/// for.
inline bool speaks_of_a_part(std::string_view text) {
  for (auto list : {std::string_view("messages"), std::string_view("tools")}) {
    for (std::size_t at = find_word(text, list); at != std::string_view::npos; at = find_word(text, list, at + 1)) {
      const std::string_view rest = text.substr(at + list.size());
      if (rest.starts_with('[') || (rest.size() > 1 && (rest[0] == '.' || rest[0] == '/') && digit(rest[1])))
        return true;
    }
  }
  return text.find("\" at '") != std::string_view::npos;  // Google: Unknown name "x" at 'generation_config'
}

inline std::string quoted_parameter(std::string_view text) {
  std::string found;
  std::size_t first = std::string_view::npos;
  for (auto name : known_parameters) {
    const std::size_t at = find_word(text, name);
    if (at < first && quotes(text, name)) {
      first = at;
      found = name;
    }
  }
  return found;
}

/// Which member a text refuses beyond doubt: its `param`, a name behind a lead, a known name in quotes. Empty: none.
inline std::string refused_for_sure(std::string_view code, std::string_view type, std::string_view told,
                                    std::string_view text) {
  const bool by_code = is_any(code, parameter_codes) || is_any(type, parameter_codes);
  if (!by_code && !any_in(text, parameter_markers)) return {};
  if (!told.empty() && told != "null") return top_level(told);
  if (speaks_of_a_part(text)) return {};
  for (auto lead : parameter_leads) {
    std::string name = name_after(text, lead);
    const bool plausible = is_any(name, known_parameters) || name.find('_') != std::string::npos || quotes(text, name) ||
                           stands_alone(text, lead, name);
    if (!name.empty() && plausible) return name;
  }
  return quoted_parameter(text);
}

/// Which member a text refuses by the look of it.
inline std::string refused_loosely(std::string_view text) {
  if (speaks_of_a_part(text)) return {};
  const bool marked = any_in(text, parameter_markers), choice = any_in(text, choice_markers);
  for (auto name : known_parameters) {
    if (is_any(name, ordinary_words) || !has_word(text, name)) continue;
    if (marked || (choice && is_any(name, reasoning_parameters))) return std::string(name);
  }
  // An ordinary word that the text itself calls a parameter; without tools it would be another request.
  for (auto name : ordinary_words) {
    if (!marked || name == "tools" || name == "functions") continue;
    if (has_word(text, std::string(name) + " parameter") || has_word(text, "parameter " + std::string(name))) return std::string(name);
  }
  if (any_in(text, grammar_words)) return "response_format";
  const bool structured = has_word(text, "response_format") || text.find("structured output") != std::string_view::npos;
  const bool schema =
      text.find("json_schema") != std::string_view::npos || text.find("json schema") != std::string_view::npos;
  if (marked && (structured || schema)) return "response_format";
  if (structured && schema && text.find("invalid schema") == std::string_view::npos) return "response_format";
  return {};
}

/// The new name in "Use 'max_completion_tokens' instead."; empty: none is named.
inline std::string new_name(std::string_view text, std::string_view old_name) {
  for (auto lead : {std::string_view("use "), std::string_view("renamed to "), std::string_view("replaced by "),
                    std::string_view("replaced with "), std::string_view("in favor of "),
                    std::string_view("in favour of "), std::string_view("did you mean ")}) {
    for (std::size_t at = find_word(text, lead.substr(0, lead.size() - 1)); at != std::string_view::npos;
         at = find_word(text, lead.substr(0, lead.size() - 1), at + 1)) {
      std::string_view rest = text.substr(at + lead.size() - 1);
      for (auto filler : {std::string_view(" the "), std::string_view(" parameter "), std::string_view(" instead ")}) {
        if (rest.starts_with(filler)) rest.remove_prefix(filler.size() - 1);
      }
      std::size_t begin = 0;
      while (begin < rest.size() && (space(rest[begin]) || rest[begin] == '\'' || rest[begin] == '"' ||
                                     rest[begin] == '`' || rest[begin] == ':'))
        ++begin;
      std::string name = top_level(rest.substr(begin));
      if (name != old_name && (is_any(name, known_parameters) || name.find('_') != std::string::npos)) return name;
    }
  }
  return {};
}

}  // namespace belay::words::detail
