// The other side of a refresh: credentials that are renewed over the network, and a token endpoint behind belay.http/1 that answers as their provider does,
// or as badly as a check wants it to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "drive/play.hpp"

namespace belay::conform {

/// A credential with its provider's answers: of a cassette refresh-ok or refresh-rotated, or of RFC 6749 section 6 where the plugin takes the generic type `oauth2`.
struct Login {
  std::string name;        ///< "cassette refresh-ok", "oauth2 of RFC 6749": for people
  Cassette tape;           ///< the credential as it is, the good exchanges, what they should come to
  bool generic = false;    ///< the endpoint goes on rotating, each refresh once more
};

/// Tokens of the generic login, generation by generation. Made from the seed: none of them stands anywhere by chance.
class Tokens {
 public:
  /// `tail`: at the end of each refresh token, characters that need escaping.
  explicit Tokens(std::mt19937_64& random, std::string_view tail = {});
  [[nodiscard]] std::string access(int generation) const { return "at-" + std::to_string(generation) + "-" + mark_; }
  [[nodiscard]] std::string refresh(int generation) const { return "rt-" + std::to_string(generation) + "-" + mark_ + tail_; }
  [[nodiscard]] std::string client_secret() const { return "cs-" + mark_; }

 private:
  std::string mark_, tail_;
};

constexpr std::int64_t lifetime_s = 3600;   ///< of the generic login's tokens
inline constexpr std::string_view generic_token_url = "https://login.belay.example/oauth/token";

/// The generic login before its first refresh: access(1), refresh(1).
Login generic_login(const Subject&, const Tokens&);
/// All that can be tried with this plugin; may be none.
std::vector<Login> logins_of(const Subject&, const Tokens&);
/// The same; where there are none the check ends: not applicable to a plugin whose credentials are plain keys, else a missing cassette.
std::vector<Login> logins_or_end(const Case&, const Subject&, const Tokens&);

/// {"access_token": ..., "refresh_token": ..., "token_type": "Bearer", "expires_in": `expires_in`}; what is empty is left out.
CassetteReply token_reply(std::string_view access, std::string_view refresh, std::string_view expires_in);
CassetteReply json_reply(int status, std::string body);
/// RFC 6749 section 5.2.
CassetteReply oauth_error(int status, std::string_view code);
CassetteReply no_reply();

/// A value of an application/x-www-form-urlencoded body, decoded; "" when it is not there.
std::string form_value(std::string_view body, std::string_view name);

/// Is the host's network as long as it lives; then the one before is again.
class TokenEndpoint {
 public:
  TokenEndpoint(TestHost&, Login, Tokens);
  ~TokenEndpoint();
  TokenEndpoint(const TokenEndpoint&) = delete;
  TokenEndpoint& operator=(const TokenEndpoint&) = delete;

  /// Instead of the good answer to request `index` (from 0) of each refresh.
  void answer(std::size_t index, CassetteReply);
  void answer(std::size_t index, std::function<CassetteReply(const NetworkRequest&)>);
  /// Back to good answers, and a new refresh begins: the next request is number 0.
  void behave();
  /// A new refresh begins.
  void begin() { next_ = 0; }
  /// The refresh token that is good now; older ones are spent.
  void rotated_to(int generation) { generation_ = generation; }

  [[nodiscard]] int generation() const { return generation_; }
  [[nodiscard]] std::size_t requests() const { return seen_.size(); }
  [[nodiscard]] const std::vector<NetworkRequest>& seen() const { return seen_; }
  void forget() { seen_.clear(); }
  /// How often something else than the good refresh token was presented.
  [[nodiscard]] int refused() const { return refused_; }
  /// How many requests a refresh takes.
  [[nodiscard]] std::size_t steps() const { return login_.generic ? 1 : login_.tape.refresh->exchanges.size(); }

  /// The answer to one request; what the host's network calls.
  CassetteReply operator()(const NetworkRequest&);

 private:
  CassetteReply good_answer(std::size_t index, const NetworkRequest&);

  TestHost& host_;
  const std::function<CassetteReply(const NetworkRequest&)> before_;
  const std::map<std::string, std::string> sources_before_;
  Login login_;
  Tokens tokens_;
  int generation_ = 1;
  int refused_ = 0;
  std::size_t next_ = 0;
  std::map<std::size_t, std::function<CassetteReply(const NetworkRequest&)>> instead_;
  std::vector<NetworkRequest> seen_;
};

/// The outcome as a host reads it: an error status or an unknown number is FAILED_TRANSIENT, REFRESHED with nothing emitted UNCHANGED.
std::uint32_t outcome_of(const Refreshed&);
std::string_view outcome_name(std::uint32_t);
/// "failed_transient" -> BELAY_FAILED_TRANSIENT; 0: no such word.
std::uint32_t outcome_number(std::string_view);
/// "outcome FAILED_TRANSIENT, nothing emitted, text \"...\"": for observed; names of fields, never their values.
std::string told(const Refreshed&);
/// The field's value; "" when it was not emitted.
std::string_view emitted(const Refreshed&, std::string_view name);
/// The credential after the refresh: its fields with those that were emitted put over them.
Cassette renewed(const Cassette&, const Refreshed&);
std::string_view field_of(const Cassette&, std::string_view name);
void set_field(Cassette&, std::string_view name, std::string value, bool secret = true);

/// Everything that must not leak, old and new: knows them in all spellings that base/secret.hpp knows.
class Leaks {
 public:
  void add(std::string_view value);
  /// Those of the credential, those of the recorded answers.
  void add(const Login&);
  [[nodiscard]] bool in(std::string_view text) const;

 private:
  std::vector<Secret> secrets_;
};

}  // namespace belay::conform
