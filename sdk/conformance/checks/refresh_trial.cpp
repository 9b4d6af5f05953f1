#include <array>
#include <utility>

#include "checks/refresh.hpp"
#include "drive/material.hpp"

namespace belay::conform {

Trial::Trial(Case& its_test, Subject& its_plugin, Login its_login, Tokens its_tokens)
    : test(its_test),
      plugin(its_plugin),
      login(std::move(its_login)),
      tokens(std::move(its_tokens)),
      endpoint(plugin.host, login, tokens),
      account(test, plugin, login.tape) {}

Refreshed Trial::run(const RefreshOptions& options) { return run(login.tape, options); }

Refreshed Trial::run(const Cassette& credential, const RefreshOptions& options) {
  endpoint.begin();
  Refreshed got = refresh(plugin, account.get(), credential, options);
  if (!got.threw.empty()) test.fail("refresh_credentials() answers with a status and an outcome", got.threw);
  if (!got.breach.empty()) test.fail("refresh_credentials() writes into its out-struct and its error text only", got.breach);
  return got;
}

void each_login(Case& test, const std::function<void(Trial&)>& body) {
  auto& plugin = test.plugin();
  const Tokens tokens(test.random());
  for (const Login& login : logins_or_end(test, plugin, tokens)) {
    test.doing(std::string(test.check.id) + ": " + login.name);
    Trial trial(test, plugin, login, tokens);
    body(trial);
  }
}

void require_outcome(const Trial& trial, const Refreshed& got, std::uint32_t wanted, std::string_view after) {
  if (outcome_of(got) == wanted) return;
  trial.test.fail(std::string(outcome_name(wanted)) + " after " + std::string(after), trial.login.name + ": " + told(got));
}

void require_failure(const Trial& trial, const Refreshed& got, std::string_view after) {
  const auto outcome = outcome_of(got);
  const bool failed = outcome == BELAY_FAILED_TRANSIENT || outcome == BELAY_FAILED_PERMANENT || outcome == BELAY_NEEDS_INTERACTION;
  if (failed && got.emitted.empty()) return;
  trial.test.fail("a failure outcome and no field emitted after " + std::string(after), trial.login.name + ": " + told(got));
}

Cassette exchange_with(const Case& test, const Subject& plugin, const Cassette& credential) {
  Cassette exchange;
  if (const Cassette* ok = plugin.cassette("ok"); ok != nullptr) {
    exchange = *ok;
  } else if (const Cassette* stream = plugin.cassette("ok-stream"); stream != nullptr) {
    exchange = *stream;
  } else {
    exchange = invented(plugin, false);
  }
  if (plugin.own_transport()) test.not_applicable("it has its own transport: what it sends is not seen here");
  exchange.base_url = credential.base_url;
  exchange.options = credential.options;
  exchange.keyless = false;
  exchange.credential_id = credential.credential_id;
  exchange.credential_type = credential.credential_type;
  exchange.expires_unix_ms = credential.expires_unix_ms;
  // As in the host: what only a token endpoint may see stays away from exchanges, and so do the plain settings of the generic types.
  static constexpr std::array<std::string_view, 4> hidden{"refresh_token", "client_secret", "token_url", "client_id"};
  exchange.fields.clear();
  for (const CassetteField& field : credential.fields) {
    bool shown = true;
    for (const auto name : hidden) shown = shown && field.name != name;
    if (shown) exchange.fields.push_back(field);
  }
  exchange.refresh = credential.refresh;
  return exchange;
}

}  // namespace belay::conform
