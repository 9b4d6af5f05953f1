// Records: what state keeps of a credential between calls and shares between processes.
//
// credential/PROVIDER#ID is the record of one configured credential: its generation, and fingerprints of what its
// sources gave when they were last read. A credential with a refresh token has its tokens elsewhere, in grant/ID, which
// all credentials of the same login share; its own record only names the grant. Times are Unix milliseconds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "credentials/refresh.hpp"

namespace belay::credentials {

/// Source key ("refresh_token") to fingerprint of its value.
using Prints = std::map<std::string, std::string, std::less<>>;

/// How the last refresh ended.
struct LastOutcome {
  RefreshOutcome outcome = RefreshOutcome::none;
  std::uint64_t generation = 0;  ///< that it was about
  UnixMs at = 0;
  std::string message;  ///< scrubbed
};

struct Record {
  std::uint64_t generation = 0;     ///< 0: there is no record yet
  std::string grant;                ///< of a credential: id of its grant; empty when it has none
  std::string endpoint;             ///< fingerprint of token_url and client_id
  Prints seen;                      ///< of a credential: what its sources gave when last read
  std::vector<std::string> given;   ///< of a grant: fingerprints of what sources ever gave it, oldest first
  std::vector<std::string> issued;  ///< of a grant: fingerprints of the tokens that it was renewed with
  std::uint64_t replaced = 0;       ///< of a grant: how often its owner put another secret into a source
  std::vector<Field> fields;  ///< of a grant: its tokens; of a credential: what a plugin's hook made of its source
  std::optional<UnixMs> since, expires, refresh_after;  ///< of `fields`
  std::optional<UnixMs> refreshed_at;
  std::optional<UnixMs> in_flight;  ///< a token request went out then, and how it ended is not known
  bool unwritten = false;           ///< `fields` have yet to be written back into the owner's file
  std::optional<LastOutcome> last;
};

/// Hidden from exchanges: what only a token endpoint may see.
bool is_hidden(std::string_view field);
const Field* find_field(const std::vector<Field>& fields, std::string_view name);
/// Replaces the field of that name, or adds it.
void set_field(std::vector<Field>& fields, Field field);

/// Remembers `print` in one of the two lists of a grant. The first is never forgotten, of the others the latest.
void learn(std::vector<std::string>& list, const std::string& print);
/// Whether the grant ever had it.
bool knows(const Record& record, const std::string& print);

/// The error says what is wrong with the record; `key` is its name.
Result<Record> decode_record(std::string_view key, std::string_view text);
/// Holds secrets: wipe it after use.
std::string encode_record(const Record& record);

}  // namespace belay::credentials
