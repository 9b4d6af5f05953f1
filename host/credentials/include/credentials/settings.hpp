// What a person may configure about credentials (DESIGN 5). Filled by host/config; nothing here reads a file.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace belay::credentials {

/// Where a secret comes from: "env:NAME", "file:PATH", "file:PATH#/json/pointer", "exec:COMMAND",
/// "keyring:SERVICE/ACCOUNT", "literal:VALUE".
struct Source {
  enum class Kind { env, file, exec, keyring, literal };
  Kind kind = Kind::literal;
  std::string place;    ///< NAME, PATH, COMMAND or SERVICE/ACCOUNT; empty for a literal
  std::string pointer;  ///< RFC 6901, for file sources; may be empty
  Secret value;         ///< of a literal

  /// For people: "env:OPENAI_API_KEY", "file:/run/secrets/x#/key", "literal". Never the value.
  [[nodiscard]] std::string shown() const;
};

/// Reads the spelling above. The error says what is wrong and lists the kinds.
Result<Source> parse_source(std::string_view text);

/// One [[provider.NAME.credential]].
struct CredentialSettings {
  std::string id;                             ///< unique within its provider
  std::string type;                           ///< "api_key", "oauth2", "exec" or one that the plugin adds
  std::map<std::string, Source> sources;      ///< by key: "source", "access_token", "refresh_token", "client_secret"
  std::map<std::string, std::string> fields;  ///< plain strings by key: "token_url", "client_id", "scope", "command"
  bool write_back = false;
  std::vector<std::string> allow_origins;
  std::string place;  ///< "belay.toml:31" for messages
};

enum class Strategy { fill_first, round_robin, least_used, random };

/// All credentials of one provider. No credentials: keyless.
struct PoolSettings {
  std::string provider;
  std::string origin;  ///< of base_url, as Origin::text(); empty for a provider without one
  Strategy strategy = Strategy::fill_first;
  std::vector<CredentialSettings> credentials;
};

}  // namespace belay::credentials
