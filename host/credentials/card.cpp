#include "card.hpp"

#include <algorithm>

#include "base/origin.hpp"
#include "reading.hpp"

namespace belay::credentials {
namespace {

constexpr std::size_t longest_name = 120;  // as a key, where a byte may take three

/// The provider's own origin, those its owner allows, and those of the credential's URLs; not the token endpoint's: it
/// sees the refresh token alone.
std::vector<std::string> origins_of(const PoolSettings& pool, const CredentialSettings& settings) {
  std::vector<std::string> origins;
  const auto add = [&](const std::string& origin) {
    if (!origin.empty() && std::find(origins.begin(), origins.end(), origin) == origins.end())
      origins.push_back(origin);
  };
  add(pool.origin);
  for (const std::string& origin : settings.allow_origins) add(origin);
  for (const auto& [key, value] : settings.fields) {
    if (key == "token_url") continue;
    if (const auto origin = origin_of(value)) add(origin->text());
  }
  return origins;
}

}  // namespace

const Source* Card::source(std::string_view key) const {
  const auto found = std::find_if(settings.sources.begin(), settings.sources.end(),
                                  [&](const auto& item) { return item.first == key; });
  return found == settings.sources.end() ? nullptr : &found->second;
}

std::string_view Card::field(std::string_view key) const {
  const auto found =
      std::find_if(settings.fields.begin(), settings.fields.end(), [&](const auto& item) { return item.first == key; });
  return found == settings.fields.end() ? std::string_view{} : found->second;
}

Card make_card(const PoolSettings& pool, const CredentialSettings& settings, const Fingerprints& fingerprints) {
  Card card;
  card.provider = pool.provider;
  card.settings = settings;
  card.name = pool.provider + "#" + settings.id;
  card.key = "credential/" + (card.name.size() <= longest_name / 3 ? card.name : fingerprints.of("name", {card.name}));
  card.origins = origins_of(pool, settings);
  card.has_grant = card.source("refresh_token") != nullptr;
  card.runs_programs = card.is_exec() || std::any_of(settings.sources.begin(), settings.sources.end(),
                                                     [](const auto& item) { return runs_program(item.second); });
  if (card.has_grant) card.endpoint = fingerprints.of("endpoint", {card.field("token_url"), card.field("client_id")});
  return card;
}

}  // namespace belay::credentials
