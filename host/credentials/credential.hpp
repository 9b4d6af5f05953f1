// Credential: one configured credential in this process: what its sources gave when they were last read, what state
// says of it, and the snapshot made of both.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "card.hpp"
#include "credentials/store.hpp"
#include "ledger.hpp"
#include "values.hpp"
#include "write_back.hpp"

namespace belay::credentials {

/// What was known at one moment. Immutable.
struct View {
  std::pair<std::uint64_t, std::uint64_t> version;  ///< of the ledger, read before everything else
  std::shared_ptr<const Values> values;             ///< null: its command has not run yet
  Standing standing;
  SnapshotPtr snapshot;
  std::string identity;
  std::string why;          ///< not empty: missing
  bool has_secret = false;  ///< false: an access token has yet to be asked for
  std::optional<UnixMs> expires, advisory_from;

  [[nodiscard]] Availability availability(UnixMs now) const;
  [[nodiscard]] Lookup lookup(UnixMs now) const;
  /// Whether an exchange may begin with it.
  [[nodiscard]] bool ready(UnixMs now) const;
  [[nodiscard]] std::uint64_t generation() const { return standing.generation(); }
};
using ViewPtr = std::shared_ptr<const View>;

class Credential {
 public:
  Credential(Card card, Ledger& ledger, WriteBack& files, const Clock& clock)
      : card_(std::move(card)), ledger_(ledger), files_(files), clock_(clock) {}

  [[nodiscard]] const Card& card() const { return card_; }

  /// Never runs a program: `blocking` when one would have to. Cached and unchanged it costs one uncontended mutex. [any
  /// thread]
  ViewPtr look(Read read);
  /// Reads all sources now, also those that run programs. [any thread, blocks]
  ViewPtr read(Millis limit, const CancelToken& cancel, Leased leased);
  /// look(cached), or read() where that would be blocking. [any thread, blocks]
  ViewPtr loaded(Millis limit, const CancelToken& cancel, Leased leased);
  /// Values that a hook got, instead of reading them. [any thread]
  ViewPtr take(Values values, Leased leased);
  /// Whether a replaced source has been taken up in this process and nobody has been told yet. True once. [any thread]
  bool take_news() { return news_.exchange(false); }
  /// Every field there is: what the hook gets.
  [[nodiscard]] std::vector<Field> all_fields(const View& view) const;

 private:
  ViewPtr current() const;
  ViewPtr blocking() const;
  ViewPtr keep(View view);
  ViewPtr settle(std::shared_ptr<const Values> values, Leased leased);
  ViewPtr without_reading(const std::shared_ptr<const Values>& values);
  ViewPtr make(View view, Result<Standing> standing);
  [[nodiscard]] std::vector<Field> exchange_fields(const View& view) const;
  void time(View& view) const;
  void finish_write_back(Standing& standing);

  const Card card_;
  Ledger& ledger_;
  WriteBack& files_;
  const Clock& clock_;

  std::atomic<bool> news_{false};
  mutable std::mutex mutex_;  // guards view_ alone
  ViewPtr view_;
  std::mutex reading_;        // one at a time reads files and records
  MonoTime command_again_{};  // guarded by reading_: a command that failed is not run for every call
};

}  // namespace belay::credentials
