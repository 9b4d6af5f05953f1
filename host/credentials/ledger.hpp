// Ledger: the records of credentials in state, and the rules by which what sources give becomes a generation
// (DESIGN 4.3).
//
// A source has changed when it gives something else than it gave when it was last read, by whichever process; what it
// gives may well differ from the current token, which has been renewed since. A changed secret is adopted as the next
// generation. Tokens of a grant change only under its lease, so a token that was paid for with a token request is never
// overwritten by something that was read meanwhile.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "card.hpp"
#include "record.hpp"
#include "state/state.hpp"
#include "values.hpp"

namespace belay::credentials {

/// A credential as state knows it.
struct Standing {
  Record entry;                 ///< generation 0: state knows nothing of it
  std::optional<Record> grant;  ///< what it belongs to, when it has a refresh token
  bool replaced = false;        ///< settle() has just found another secret in its source than the time before

  [[nodiscard]] const Record& current() const { return grant ? *grant : entry; }
  [[nodiscard]] std::uint64_t generation() const { return current().generation; }
};

/// Whether the caller holds the lease of the credential.
enum class Leased { no, yes };

class Ledger {
 public:
  Ledger(state::State& state, const Clock& clock) : state_(state), clock_(clock), fingerprints_(state.salt()) {}

  [[nodiscard]] const Fingerprints& fingerprints() const { return fingerprints_; }
  /// Grows when any of the records may have changed. Read it before them.
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> version() const {
    return {state_.version("credential"), state_.version("grant")};
  }

  /// What is on record. An error for a damaged record.
  Result<Standing> look(const Card& card);
  /// The same after taking in values that were read just now: first sight, links to a known grant, changes. Without the
  /// lease a change of a grant waits when somebody else is at it. `values` are complete.
  Result<Standing> settle(const Card& card, const Values& values, Leased leased);

  /// What refreshes of this credential, and changes of its grant, exclude each other by.
  static std::string lease_name(const Card& card, const Standing& standing);
  /// That lease; an error when it isn't free until then. [blocks]
  Result<std::unique_ptr<state::Lease>> lease(const Card& card, const Standing& standing, MonoTime until,
                                              const CancelToken& cancel);
  /// What holds are keyed on: the same for two credentials with the same secret or login, another one when its owner
  /// replaced it.
  [[nodiscard]] std::string identity(const Card& card, const Standing& standing, const Values& values) const;

  /// Changes the record that has the tokens: the grant's, or the credential's own. Durable when it returns. `change`
  /// may run several times.
  Result<void> change(const Card& card, Standing& standing, const std::function<void(Record&)>& change);
  /// The same for the credential's own record.
  Result<void> change_entry(const Card& card, Standing& standing, const std::function<void(Record&)>& change);

 private:
  static std::string grant_key(const std::string& id);
  Result<std::optional<Record>> get(const std::string& key);
  Result<Record> update(const std::string& key, const std::function<void(Record&)>& change, Durable durable);
  Result<Standing> settle_own(const Card& card, Standing standing, const Prints& prints);
  Result<Standing> settle_grant(const Card& card, const Values& values, Standing standing, const Prints& prints,
                                Leased leased);
  Result<Standing> link(const Card& card, const Values& values, Standing standing, const Prints& prints);
  Result<Standing> adopt(const Card& card, const Values& values, Standing standing, const Prints& prints);
  Result<std::string> find_grant(const std::string& refresh_print);
  Result<Standing> remember_seen(const Card& card, Standing standing, const Prints& prints);

  state::State& state_;
  const Clock& clock_;
  const Fingerprints fingerprints_;
};

}  // namespace belay::credentials
