#include "drive/token_endpoint.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.hpp"
#include "check.hpp"

namespace belay::conform {
namespace {

constexpr std::array<std::pair<std::uint32_t, std::string_view>, 7> outcomes{{{BELAY_REFRESHED, "REFRESHED"},
                                                                               {BELAY_UNCHANGED, "UNCHANGED"},
                                                                               {BELAY_NOT_APPLICABLE, "NOT_APPLICABLE"},
                                                                               {BELAY_FAILED_TRANSIENT, "FAILED_TRANSIENT"},
                                                                               {BELAY_FAILED_PERMANENT, "FAILED_PERMANENT"},
                                                                               {BELAY_NEEDS_INTERACTION, "NEEDS_INTERACTION"},
                                                                               {BELAY_REFRESH_CANCELLED, "REFRESH_CANCELLED"}}};

bool takes(const Subject& subject, std::string_view type) {
  for (std::uint32_t i = 0; i < subject.descriptor->credential_type_count; ++i) {
    const belay_str& word = subject.descriptor->credential_types[i];
    if (std::string_view(word.ptr, word.len) == type) return true;
  }
  return false;
}

/// Whether all that the plugin takes are keys and commands, whose renewal needs no network of the plugin.
bool plain_keys_only(const Subject& subject) {
  for (std::uint32_t i = 0; i < subject.descriptor->credential_type_count; ++i) {
    const belay_str& word = subject.descriptor->credential_types[i];
    const std::string_view type(word.ptr, word.len);
    if (type != "api_key" && type != "exec") return false;
  }
  return true;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string form_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

Tokens::Tokens(std::mt19937_64& random, std::string_view tail) : tail_(tail) {
  static constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";
  for (int i = 0; i < 20; ++i) mark_ += digits[random() % digits.size()];
}

Login generic_login(const Subject& subject, const Tokens& tokens) {
  Login login;
  login.name = "oauth2 of RFC 6749";
  login.generic = true;
  // The instance as its cassettes configure it, where there are any.
  if (!subject.cassettes.empty()) {
    const Cassette* ok = subject.cassette("ok");
    const Cassette& base = ok != nullptr ? *ok : subject.cassettes.front();
    login.tape.base_url = base.base_url;
    login.tape.options = base.options;
    login.tape.model = base.model;
  } else {
    login.tape.base_url = "https://api.belay.example/v1";
  }
  login.tape.name = "oauth2";
  login.tape.credential_type = "oauth2";
  login.tape.fields = {{"secret", tokens.access(1), true},
                       {"refresh_token", tokens.refresh(1), true},
                       {"client_secret", tokens.client_secret(), true},
                       {"token_url", std::string(generic_token_url), false},
                       {"client_id", "belay-conform", false}};
  CassetteRefresh refresh;
  refresh.exchanges.push_back({"POST", std::string(generic_token_url), token_reply(tokens.access(2), tokens.refresh(2), std::to_string(lifetime_s))});
  refresh.sources = {{"access_token", tokens.access(1)}, {"refresh_token", tokens.refresh(1)}, {"client_secret", tokens.client_secret()}};
  refresh.outcome = "refreshed";
  refresh.emits = {{"secret", tokens.access(2)}, {"refresh_token", tokens.refresh(2)}};
  refresh.expires_in_ms = lifetime_s * 1000;
  login.tape.refresh = std::move(refresh);
  return login;
}

std::vector<Login> logins_of(const Subject& subject, const Tokens& tokens) {
  std::vector<Login> logins;
  for (const char* name : {"refresh-ok", "refresh-rotated"}) {
    for (const Cassette* tape : subject.cassettes_of(name)) {
      const bool over_network = tape->refresh && tape->refresh->outcome == "refreshed" && !tape->refresh->exchanges.empty();
      if (over_network) logins.push_back({"cassette " + tape->name, *tape, false});
    }
  }
  if (takes(subject, "oauth2")) logins.push_back(generic_login(subject, tokens));
  return logins;
}

std::vector<Login> logins_or_end(const Case& test, const Subject& subject, const Tokens& tokens) {
  auto logins = logins_of(subject, tokens);
  if (logins.empty() && plain_keys_only(subject)) test.not_applicable("this plugin takes no credential whose renewal needs the network");
  if (logins.empty()) test.skip_missing("refresh-ok");
  return logins;
}

CassetteReply json_reply(int status, std::string body) {
  return {.status = status, .headers = {{"content-type", "application/json"}}, .body = std::move(body), .truncated = false};
}

CassetteReply token_reply(std::string_view access, std::string_view refresh, std::string_view expires_in) {
  std::string body = R"({"token_type":"Bearer")";
  if (!access.empty()) body += ",\"access_token\":" + json::quoted(access);
  if (!refresh.empty()) body += ",\"refresh_token\":" + json::quoted(refresh);
  if (!expires_in.empty()) body += ",\"expires_in\":" + std::string(expires_in);
  return json_reply(200, body + "}");
}

CassetteReply oauth_error(int status, std::string_view code) {
  return json_reply(status, R"({"error":)" + json::quoted(code) + R"(,"error_description":"as the check wants it"})");
}

CassetteReply no_reply() { return {}; }

std::string form_value(std::string_view body, std::string_view name) {
  while (!body.empty()) {
    const auto end = std::min(body.find('&'), body.size());
    const auto pair = body.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name) return form_decoded(pair.substr(std::min(equals + 1, pair.size())));
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return {};
}

TokenEndpoint::TokenEndpoint(TestHost& host, Login login, Tokens tokens)
    : host_(host), before_(host.network), sources_before_(host.sources), login_(std::move(login)), tokens_(std::move(tokens)) {
  host_.network = [this](const NetworkRequest& request) { return (*this)(request); };
  host_.sources = login_.tape.refresh->sources;
}

TokenEndpoint::~TokenEndpoint() {
  host_.network = before_;
  host_.sources = sources_before_;
}

void TokenEndpoint::answer(std::size_t index, CassetteReply reply) {
  answer(index, [reply = std::move(reply)](const NetworkRequest&) { return reply; });
}

void TokenEndpoint::answer(std::size_t index, std::function<CassetteReply(const NetworkRequest&)> then) {
  begin();
  instead_[index] = std::move(then);
}

void TokenEndpoint::behave() {
  begin();
  instead_.clear();
}

CassetteReply TokenEndpoint::operator()(const NetworkRequest& request) {
  seen_.push_back(request);
  const std::size_t index = next_++;
  const auto instead = instead_.find(index);
  return instead != instead_.end() ? instead->second(request) : good_answer(index, request);
}

/// The generic endpoint rotates and notices a spent token; a recording can only go on as it was recorded.
CassetteReply TokenEndpoint::good_answer(std::size_t index, const NetworkRequest& request) {
  if (!login_.generic) {
    const auto& exchanges = login_.tape.refresh->exchanges;
    return index < exchanges.size() ? exchanges[index].reply : no_reply();
  }
  const bool good = form_value(request.body, "grant_type") == "refresh_token" && form_value(request.body, "refresh_token") == tokens_.refresh(generation_);
  if (!good) {
    ++refused_;
    return oauth_error(400, "invalid_grant");
  }
  ++generation_;
  return token_reply(tokens_.access(generation_), tokens_.refresh(generation_), std::to_string(lifetime_s));
}

std::uint32_t outcome_of(const Refreshed& got) {
  if (got.status == BELAY_ERR_CANCELLED) return BELAY_REFRESH_CANCELLED;
  if (got.status < 0 || got.out.outcome < BELAY_REFRESHED || got.out.outcome > BELAY_REFRESH_CANCELLED) return BELAY_FAILED_TRANSIENT;
  return got.out.outcome == BELAY_REFRESHED && got.emitted.empty() ? BELAY_UNCHANGED : got.out.outcome;
}

std::string_view outcome_name(std::uint32_t outcome) {
  for (const auto& [number, name] : outcomes) {
    if (number == outcome) return name;
  }
  return "an unknown outcome";
}

std::uint32_t outcome_number(std::string_view word) {
  for (const auto& [number, name] : outcomes) {
    if (std::equal(word.begin(), word.end(), name.begin(), name.end(), [](char a, char b) { return a == b || a == (b >= 'A' && b <= 'Z' ? b + 32 : b); }))
      return number;
  }
  return word == "cancelled" ? BELAY_REFRESH_CANCELLED : 0;
}

std::string told(const Refreshed& got) {
  std::string text = got.status < 0 ? "status " + std::to_string(got.status) : "outcome " + std::string(outcome_name(got.out.outcome));
  if (got.status >= 0 && outcome_name(got.out.outcome) == "an unknown outcome") text += " (" + std::to_string(got.out.outcome) + ")";
  if (got.emitted.empty()) text += ", nothing emitted";
  for (std::size_t i = 0; i < got.emitted.size(); ++i) text += (i == 0 ? ", emitted " : " and ") + got.emitted[i].name;
  if (!got.error.empty()) text += ", text \"" + got.error + "\"";
  return text;
}

std::string_view emitted(const Refreshed& got, std::string_view name) {
  for (auto field = got.emitted.rbegin(); field != got.emitted.rend(); ++field) {
    if (field->name == name) return field->value;   // the last one counts, as in the host
  }
  return {};
}

std::string_view field_of(const Cassette& tape, std::string_view name) {
  const auto found = std::find_if(tape.fields.begin(), tape.fields.end(), [&](const CassetteField& field) { return field.name == name; });
  return found == tape.fields.end() ? std::string_view() : std::string_view(found->value);
}

void set_field(Cassette& tape, std::string_view name, std::string value, bool secret) {
  const auto found = std::find_if(tape.fields.begin(), tape.fields.end(), [&](const CassetteField& field) { return field.name == name; });
  if (found != tape.fields.end()) {
    found->value = std::move(value);
  } else {
    tape.fields.push_back({std::string(name), std::move(value), secret});
  }
}

Cassette renewed(const Cassette& tape, const Refreshed& got) {
  Cassette out = tape;
  for (const CassetteField& field : got.emitted) set_field(out, field.name, field.value, field.secret);
  out.expires_unix_ms = got.out.expires_unix_ms;
  if (out.refresh) ++out.refresh->generation;
  return out;
}

void Leaks::add(std::string_view value) {
  if (value.size() >= 6) secrets_.emplace_back(value);
}

void Leaks::add(const Login& login) {
  for (const CassetteField& field : login.tape.fields) {
    if (field.secret) add(field.value);
  }
  if (!login.tape.refresh) return;
  for (const auto& [name, value] : login.tape.refresh->emits) {
    const bool plain = std::any_of(login.tape.fields.begin(), login.tape.fields.end(), [&](const CassetteField& field) { return field.name == name && !field.secret; });
    if (!plain) add(value);
  }
  for (const auto& [name, value] : login.tape.refresh->sources) add(value);
}

bool Leaks::in(std::string_view text) const { return scrub(text) != text; }

}  // namespace belay::conform
