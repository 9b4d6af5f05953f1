// Trace: everything that was tried for one call and why (DESIGN 9). Part of every answer and every error. Never holds a secret.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "fallback/reason.hpp"

namespace belay::fallback {

/// A parameter that was dropped (`to` is "null"), renamed (`to` is a JSON string) or given another value (`to` is its JSON).
struct Adjusted {
  std::string parameter;
  std::string to = "null";
  friend bool operator==(const Adjusted&, const Adjusted&) = default;
};

struct Attempt {
  int n = 0;                         ///< from 1
  std::string provider, model;
  std::string credential;            ///< empty: keyless
  std::uint64_t generation = 0;
  int status = 0;                    ///< 0: no reply
  std::optional<Reason> reason;      ///< nullopt: answered
  std::string message;               ///< upstream's own words, cut and scrubbed
  RefreshOutcome refresh = RefreshOutcome::none;
  std::string refresh_message;       ///< why a refresh failed, what a person must do
  Verdict verdict = Verdict::give_up;
  std::int64_t duration_ms = 0;
  std::optional<std::int64_t> hold_ms;   ///< nullopt: nothing was held; -1: until the secret changes
  std::vector<Adjusted> adjusted;
};

struct Skipped {
  std::string target;                ///< "provider/model"
  std::string why;
};

struct ServedBy {
  std::string provider, model, credential;
};

struct Usage {
  std::int64_t prompt = -1, completion = -1, cached = -1, cache_write = -1, reasoning = -1, audio = -1;  ///< -1: not told
};

struct Trace {
  std::string id;
  std::string route;                 ///< "compression", "auto", or the target's name
  Outcome outcome = Outcome::failed;
  std::optional<Reason> reason;
  std::optional<Reason> left;        ///< why the first target was left, also when the call was answered; header belay-reason
  std::optional<ServedBy> served_by;
  std::int64_t duration_ms = 0;
  std::vector<Attempt> attempts;
  std::vector<Skipped> skipped;
  std::optional<std::int64_t> retry_after_ms;
  Usage usage;
};

void write(json::Writer& to, const Trace& trace);
std::string to_json(const Trace& trace);

}  // namespace belay::fallback
