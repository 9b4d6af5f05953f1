// What a person may configure about routes, targets and holds (DESIGN 7).
#pragma once

#include <bitset>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "fallback/reason.hpp"

namespace belay::fallback {

using ReasonSet = std::bitset<reason_count>;

/// The groups of an entry's `on`: auth, capacity, transport, model, any; or a reason by name. nullopt for any other word.
std::optional<ReasonSet> parse_reason_group(std::string_view word);

/// Declared facts about one model; what is absent is unknown, which is neither yes nor no.
struct ModelFacts {
  std::optional<std::int64_t> context;      ///< tokens
  std::map<std::string, bool> capabilities; ///< tools, vision, json_schema, reasoning, embeddings
};

/// One entry of a route's `targets`.
struct RouteEntry {
  std::string provider;
  std::string model;              ///< empty: the provider's default
  std::optional<ReasonSet> on;    ///< opens for these only
  std::string place;              ///< "belay.toml:31" for messages
};

struct RouteSettings {
  std::string name;
  std::vector<RouteEntry> targets;
  Millis deadline{300'000};
  Millis attempt_timeout{120'000};
  Millis connect_timeout{10'000};
  Millis first_token_timeout{60'000};
  Millis idle_timeout{60'000};
  Millis retry_after_max{10'000};
  int transient_retries = 2;
  Millis backoff{250};
  bool retry_on_timeout = false;
  int max_concurrency = 0;                          ///< 0: no limit
  std::vector<std::string> requires_;               ///< capabilities
  std::int64_t min_context = 0;                     ///< 0: no limit
  std::optional<std::vector<std::string>> allow_cost;
  std::optional<std::vector<std::string>> allow_zones;
  std::vector<std::pair<std::string, std::string>> params;  ///< name -> value as JSON text; the caller's value wins
  std::map<Reason, Verdict> on;                     ///< next_target or give_up
  std::string place;
};

struct HoldSettings {
  Millis auth{600'000};
  Millis quota{600'000};
  Millis rate{60'000};
  Millis overloaded{30'000};
  Millis endpoint{30'000};
  Millis model{600'000};
  Millis plugin{600'000};
  Millis max{3'600'000};
};

}  // namespace belay::fallback
