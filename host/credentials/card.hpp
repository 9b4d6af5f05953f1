// Card: one configured credential, and what follows from its settings alone. Never changes.
#pragma once

#include <string>
#include <vector>

#include "credentials/settings.hpp"
#include "fingerprint.hpp"

namespace belay::credentials {

struct Card {
  std::string provider;
  CredentialSettings settings;
  std::string name;                  ///< "main#team", for people
  std::string key;                   ///< of its record in state
  std::string endpoint;              ///< fingerprint of token_url and client_id; empty without a grant
  std::vector<std::string> origins;  ///< where what an exchange sends may go
  bool has_grant = false;            ///< it has a refresh token, so its tokens belong to a grant
  bool runs_programs = false;        ///< reading it runs a program

  [[nodiscard]] bool is_exec() const { return settings.type == "exec"; }
  [[nodiscard]] const Source* source(std::string_view key) const;
  [[nodiscard]] std::string_view field(std::string_view key) const;  ///< "" when it has none
};

Card make_card(const PoolSettings& pool, const CredentialSettings& settings, const Fingerprints& fingerprints);

}  // namespace belay::credentials
