// What the refresh checks share: one login in the plugin's hands, and the list of them (the table stands in refresh.cpp).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "check.hpp"
#include "drive/play.hpp"
#include "drive/subject.hpp"
#include "drive/token_endpoint.hpp"

namespace belay::conform {

/// One login, its token endpoint, and an instance that has not seen it yet.
class Trial {
 public:
  Trial(Case&, Subject&, Login, Tokens);

  /// The hook, once: a new refresh for the endpoint. An exception or a write where it may not ends the check.
  Refreshed run(const RefreshOptions& = {});
  /// The same for another credential, say the renewed one.
  Refreshed run(const Cassette&, const RefreshOptions& = {});

  Case& test;
  Subject& plugin;
  const Login login;
  const Tokens tokens;
  TokenEndpoint endpoint;
  Account account;
};

/// `body` for each login that can be tried with this plugin; ends the check where there is none.
void each_login(Case&, const std::function<void(Trial&)>& body);

/// The outcome is one of a failure, and nothing was emitted.
void require_failure(const Trial&, const Refreshed&, std::string_view after);
/// The outcome is this one.
void require_outcome(const Trial&, const Refreshed&, std::uint32_t wanted, std::string_view after);

/// An exchange to send the login's secret with: the cassette "ok", or an invented one, with what an exchange sees of the credential.
Cassette exchange_with(const Case&, const Subject&, const Cassette& credential);

// ---- the checks
void auth_01(Case&);  // refresh_tokens.cpp
void auth_02(Case&);
void auth_03(Case&);  // refresh_failures.cpp
void auth_04(Case&);
void auth_05(Case&);  // refresh_tokens.cpp
void auth_06(Case&);  // refresh_time.cpp
void auth_07(Case&);  // refresh_tokens.cpp
void auth_08(Case&);  // refresh_processes.cpp
void auth_09(Case&);  // refresh_time.cpp
void auth_10(Case&);  // refresh_secrets.cpp
void auth_11(Case&);  // refresh_interrupted.cpp
void auth_12(Case&);  // refresh_silent.cpp
void auth_13(Case&);  // refresh_hostile.cpp

}  // namespace belay::conform
