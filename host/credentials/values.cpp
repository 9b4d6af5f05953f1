#include "values.hpp"

#include "base/json.hpp"
#include "exec_output.hpp"
#include "expiry.hpp"
#include "reading.hpp"

namespace belay::credentials {
namespace {

/// What becomes part of a header or a form must be one line; a plugin's own types may have a private key in several.
bool must_be_one_line(const Card& card) { return card.settings.type == "api_key" || card.settings.type == "oauth2"; }

/// It can be had from the token endpoint instead.
bool may_be_absent(const Card& card, std::string_view key) { return key == "access_token" && card.has_grant; }

void read_sources(const Card& card, SourceReader& reader, Values& values) {
  for (const auto& [key, source] : card.settings.sources) {
    auto value = reader.read(source);
    if (value && must_be_one_line(card) && !fits_header(value->reveal())) {
      value =
          fail("what " + source.shown() + " gives has more than one line, control characters or more than 16384 bytes");
    }
    if (value) {
      values.sources.emplace(key, *value);
      if (key == "access_token") values.expires = reader.expiry_of(source);
    } else if (!may_be_absent(card, key) && values.missing.empty()) {
      values.missing = (key == "source" ? "" : key + ": ") + value.error().message;
    }
  }
}

void read_lifetime(Values& values) {
  const auto token = values.sources.find("access_token");
  if (token == values.sources.end()) {
    values.expires.reset();
    return;
  }
  const Lifetime lifetime = jwt_lifetime(token->second.reveal());
  values.issued = lifetime.issued;
  if (!values.expires) values.expires = lifetime.expires;
}

void run_exec(const Card& card, SourceReader& reader, Values& values) {
  const std::string_view command = card.field("command");
  const Source* source = card.source("source");
  auto text = command.empty() ? (source != nullptr ? reader.read(*source) : Result<Secret>(fail("it has no command")))
                              : reader.run("its command", std::string(command));
  auto credential = text ? parse_exec_output(text->reveal()) : Result<ExecCredential>(text.error());
  if (!credential) {
    values.missing = credential.error().message;
    return;
  }
  values.made = std::move(credential->fields);
  values.expires = credential->expires;
}

}  // namespace

std::string_view Values::of(std::string_view key) const {
  const auto found = sources.find(key);
  return found == sources.end() ? std::string_view{} : found->second.reveal();
}

Values read_values(const Card& card, Millis limit, const CancelToken& cancel) {
  SourceReader reader(limit, cancel);
  Values values;
  if (card.is_exec()) {
    run_exec(card, reader, values);
    return values;
  }
  read_sources(card, reader, values);
  read_lifetime(values);
  return values;
}

std::string print_of(const Card& card, std::string_view key, std::string_view value, const Fingerprints& fingerprints) {
  if (key == "refresh_token")
    return fingerprints.of("refresh_token", {card.field("token_url"), card.field("client_id"), value});
  return fingerprints.of(key, {value});
}

Prints prints_of(const Card& card, const Values& values, const Fingerprints& fingerprints) {
  Prints prints;
  for (const auto& [key, value] : values.sources)
    prints.emplace(key, print_of(card, key, value.reveal(), fingerprints));
  for (const Field& field : values.made)
    prints.emplace(field.name, print_of(card, field.name, field.value.reveal(), fingerprints));
  return prints;
}

}  // namespace belay::credentials
