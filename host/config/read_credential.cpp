// [[provider.NAME.credential]]: the pool of one provider.
#include <algorithm>
#include <array>
#include <set>

#include "base/origin.hpp"
#include "readers.hpp"
#include "words.hpp"

namespace belay::config {
namespace {

using credentials::CredentialSettings;
using credentials::Source;
using credentials::Strategy;

constexpr std::array<std::pair<std::string_view, Strategy>, 4> strategies = {{{"fill_first", Strategy::fill_first},
                                                                              {"round_robin", Strategy::round_robin},
                                                                              {"least_used", Strategy::least_used},
                                                                              {"random", Strategy::random}}};
/// The keys that are sources in every type, also in those that plugins add.
constexpr std::array<std::string_view, 4> source_keys = {"source", "access_token", "refresh_token", "client_secret"};
const std::vector<std::string> own_types = {"api_key", "oauth2", "exec"};

enum class Need { optional, required };

void take_source(Section& section, std::string_view key, Need need, const Context& context, CredentialSettings& to) {
  if (auto source = read_source(section, key, context)) {
    to.sources.emplace(key, *std::move(source));
  } else if (need == Need::required && section.find(key) == nullptr) {
    section.missing(key, std::string(key) + " = \"env:NAME\" or another source");
  }
}

void take_field(Section& section, std::string_view key, Need need, std::string_view example, CredentialSettings& to) {
  std::string text;
  if (section.text(key, text, example)) {
    to.fields.emplace(key, std::move(text));
  } else if (need == Need::required && section.find(key) == nullptr) {
    section.missing(key, std::string(example));
  }
}

void read_api_key(Section& section, const Context& context, CredentialSettings& to) {
  take_source(section, "source", Need::required, context, to);
}

void read_oauth2(Section& section, const Context& context, CredentialSettings& to) {
  take_field(section, "token_url", Need::required, "token_url = \"https://HOST/token\"", to);
  take_field(section, "client_id", Need::required, "client_id = \"the application's id\"", to);
  take_field(section, "scope", Need::optional, "scope = \"words with spaces between\"", to);
  take_source(section, "refresh_token", Need::required, context, to);
  take_source(section, "access_token", Need::optional, context, to);
  take_source(section, "client_secret", Need::optional, context, to);
  if (const auto url = to.fields.find("token_url"); url != to.fields.end()) {
    if (const auto origin = origin_of(url->second); !origin)
      section.error(*section.find("token_url"), origin.error().message, "token_url = \"https://HOST/token\"");
  }
}

/// `command = "..."`, or for those who think in sources `source = "exec:..."`, which means the same.
void read_exec(Section& section, CredentialSettings& to) {
  constexpr std::string_view example = "command = \"a program that prints the token\"";
  take_field(section, "command", Need::optional, example, to);
  const Node* command = section.find("command");
  const Node* source = section.find("source");
  if (source == nullptr) {
    if (command == nullptr) section.missing("command", std::string(example));
    return;
  }
  if (command != nullptr) return section.error(*source, "says again what command says", "one of the two");
  if (source->kind != Node::Kind::string) return section.wrong_kind(*source, "a string", example);
  const auto parsed = credentials::parse_source(source->text);
  if (!parsed || parsed->kind != Source::Kind::exec)
    return section.error(*source, "is not a command", std::string(example));
  to.fields.emplace("command", parsed->place);
}

/// A type that some plugin adds; the plugin's schema knows its fields.
void read_plugin_type(Section& section, const Context& context, CredentialSettings& to) {
  for (const std::string_view key : source_keys) take_source(section, key, Need::optional, context, to);
  for (const Node* member : section.rest()) {
    if (member->kind == Node::Kind::string) {
      to.fields.emplace(member->key, member->text);
    } else {
      section.wrong_kind(*member, "a string", "every field of a credential is one");
    }
  }
  if (const std::string near = suggest(to.type, own_types); !near.empty()) {
    section.warning(*section.find("type"), in_quotes(to.type) + " is no type of belay's own, so a plugin must bring it",
                    "did you mean " + in_quotes(near) + "?");
  }
}

/// "https://api.example.org" or "https://*.example.org": an origin and nothing after it.
bool is_origin_pattern(std::string_view text) {
  std::string plain(text);
  if (const auto wild = plain.find("://*."); wild != std::string::npos) plain.erase(wild + 3, 2);
  if (!origin_of(plain)) return false;
  const auto after = plain.find("://") + 3;
  return plain.find_first_of("/?#\\*", after) == std::string::npos;
}

void read_origins(Section& section, CredentialSettings& to) {
  constexpr std::string_view form = "\"https://HOST\", \"https://HOST:PORT\" or \"https://*.DOMAIN\"";
  const auto origins = section.strings("allow_origins", form);
  if (!origins) return;
  for (const Node* origin : *origins) {
    if (is_origin_pattern(origin->text)) {
      to.allow_origins.push_back(origin->text);
    } else {
      section.error(*origin, "is not an origin", std::string(form));
    }
  }
}

void read_write_back(Section& section, CredentialSettings& to) {
  if (!section.flag("write_back", to.write_back) || !to.write_back) return;
  const auto is_file = [](const auto& entry) { return entry.second.kind == Source::Kind::file; };
  if (std::any_of(to.sources.begin(), to.sources.end(), is_file)) return;
  section.error(*section.find("write_back"), "there is no file to write to",
                "give a file: source, or leave write_back out");
}

CredentialSettings read_credential(Section& section, const Context& context, std::set<std::string>& ids) {
  CredentialSettings to;
  to.place = section.report().shown(section.node().place);
  if (section.text("id", to.id, "id = \"main\"")) {
    const Node& node = *section.find("id");
    if (!is_name(to.id))
      section.error(node, in_quotes(to.id) + " is not a name", std::string(name_rule));
    else if (!ids.insert(to.id).second)
      section.error(node, in_quotes(to.id) + " is the id of another credential of this provider", "a different id");
  } else if (section.find("id") == nullptr) {
    section.missing("id", "id = \"main\"");
  }
  if (section.text("type", to.type, "type = \"api_key\"")) {
    if (to.type == "api_key")
      read_api_key(section, context, to);
    else if (to.type == "oauth2")
      read_oauth2(section, context, to);
    else if (to.type == "exec")
      read_exec(section, to);
  } else if (section.find("type") == nullptr) {
    section.missing("type", "type = \"api_key\", \"oauth2\" or \"exec\"");
  }
  read_origins(section, to);
  if (!to.type.empty() && std::find(own_types.begin(), own_types.end(), to.type) == own_types.end()) {
    section.find("write_back");
    read_plugin_type(section, context, to);
  }
  read_write_back(section, to);
  // Without a type nothing says which fields there should be.
  if (!to.type.empty()) section.finish();
  return to;
}

}  // namespace

void read_credentials(Section& provider, const Context& context, credentials::PoolSettings& pool) {
  provider.choice<Strategy>("strategy", strategies, pool.strategy);
  std::set<std::string> ids;
  for (Section& section : provider.tables("credential", "[[provider.NAME.credential]], with double brackets")) {
    pool.credentials.push_back(read_credential(section, context, ids));
  }
}

}  // namespace belay::config
