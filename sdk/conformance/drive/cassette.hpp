// A cassette: one recorded exchange or refresh with what a good plugin makes of it. FILE.cassettes/NAME.json, format 1:
//
//   { "version": 1, "about": "where this recording comes from",
//     "provider": "openai",                                   may be left out when the module has one provider
//     "config": { "base_url": "https://api.example/v1", "options": {}, "model": "m" },
//     "credential": { "id": "c", "type": "api_key", "expires_unix_ms": 0,
//                     "fields": { "secret": { "value": "sk-cassette", "secret": true } } },        null: keyless
//     "request": { "operation": "chat", "wire": "openai.chat/1", "stream": true, "model": "m", "required": [], "body": { ... } },   wire "" is canonical
//     "sent": { "method": "POST", "url": "https://api.example/v1/chat/completions", "headers": { "authorization": "Bearer sk-cassette" }, "body": {...} },  each may be left out
//     "reply": { "status": 200, "headers": [["content-type", "text/event-stream"]], "body": "data: ...\n\n" or { JSON }, "body_base64": "...", "end": "complete" | "truncated" },
//     "expect": { "text": "...", "reasoning": "...", "tools": [ { "id": "...", "name": "...", "arguments": "{...}" } ],
//                 "usage": { "prompt": 3, "completion": 5, "cached": 0, "reasoning": 0 }, "stop": "end" | "length" | "tools" | "filter" | "other",
//                 "error": true, "reason": "rate_limited", "scope": "credential", "retry_after_ms": 2000, "reset_unix_ms": 0, "parameter": "..." , "rename": "...", "affordable_tokens": 0 },
//     "refresh": { "cause": "rejected", "generation": 3, "exchanges": [ { "method": "POST", "url": "...", "reply": { "status": 200, "headers": [], "body": {...} } } ],
//                  "sources": { "refresh_token": "rt-1" },                what belay.secret/1 gives
//                  "outcome": "refreshed", "emits": { "secret": "at-2", "refresh_token": "rt-2" }, "expires_in_ms": 3600000 } }
//
// The names that the checks ask for: ok, ok-stream, tool-stream, 401, 402, 403, 429, 500, mid-stream-error, truncated, refresh-ok, refresh-denied, refresh-rotated.
// More of one kind are NAME.ANYTHING.json ("429.daily.json"). For a plugin with its own transport, request and expect alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace belay::conform {

struct CassetteField {
  std::string name, value;
  bool secret = false;
};

struct CassetteReply {
  int status = 0;                ///< 0: no reply at all (an exchange of a refresh that fails to connect)
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool truncated = false;
};

struct ExpectedTool {
  std::string id, name, arguments;
};

struct Expect {
  std::optional<std::string> text, reasoning, stop, reason, scope, parameter, rename;
  std::optional<std::vector<ExpectedTool>> tools;
  std::map<std::string, std::int64_t> usage;   ///< "prompt" -> 3
  bool error = false;                          ///< the events must hold an ERROR
  std::optional<std::int64_t> retry_after_ms, reset_unix_ms, affordable_tokens;
};

struct RefreshExchange {
  std::string method, url;
  CassetteReply reply;
};

struct CassetteRefresh {
  std::string cause = "rejected";
  std::uint64_t generation = 1;
  std::vector<RefreshExchange> exchanges;
  std::map<std::string, std::string> sources;
  std::string outcome;
  std::map<std::string, std::string> emits;
  std::optional<std::int64_t> expires_in_ms;
};

struct Cassette {
  std::string name, file, about, provider;
  std::string base_url, options = "{}", model;                    ///< config
  bool keyless = false;
  std::string credential_id = "cassette", credential_type = "api_key";
  std::int64_t expires_unix_ms = 0;
  std::vector<CassetteField> fields;
  std::string operation = "chat", wire, request_model, body = "{}";
  bool stream = false;
  std::vector<std::string> required;
  std::optional<std::string> sent_method, sent_url, sent_body;
  std::vector<std::pair<std::string, std::string>> sent_headers;
  std::optional<CassetteReply> reply;
  Expect expect;
  std::optional<CassetteRefresh> refresh;
};

/// Reads one file; the error says file, line, key and what would be right. Unknown keys are errors.
Result<Cassette> read_cassette(const std::string& file);
/// All of a folder, sorted by name. The first bad file is the error.
Result<std::vector<Cassette>> read_cassettes(const std::string& folder);

}  // namespace belay::conform
