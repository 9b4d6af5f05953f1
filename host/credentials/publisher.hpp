// Publisher: what becomes of a hook's answer: new tokens stored and then shown, or a failure that is remembered.
#pragma once

#include "base/time.hpp"
#include "credentials/refresh.hpp"
#include "ledger.hpp"
#include "turn.hpp"
#include "write_back.hpp"

namespace belay::credentials {

class Publisher {
 public:
  Publisher(Ledger& ledger, WriteBack& files, const Clock& clock) : ledger_(ledger), files_(files), clock_(clock) {}

  /// Under the lease of the turn's credential. [blocks]
  RefreshResult take(Turn& turn, HookOutput output);
  /// Writes tokens into the owner's file that are not there yet.
  void write_back(Turn& turn);

 private:
  RefreshResult succeeded(Turn& turn, HookOutput& output);
  Result<void> store_grant(Turn& turn, HookOutput& output);
  Result<void> store_own(Turn& turn, HookOutput& output);
  void keep_exec(Turn& turn, HookOutput& output);
  RefreshResult failed(Turn& turn, HookOutput& output);

  Ledger& ledger_;
  WriteBack& files_;
  const Clock& clock_;
};

}  // namespace belay::credentials
