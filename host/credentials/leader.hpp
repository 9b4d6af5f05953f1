// Leader: one refresh from beginning to end, by the thread and process that leads it (DESIGN 4.3): lease, state,
// sources, hook, publish.
#pragma once

#include <functional>
#include <optional>

#include "base/cancel.hpp"
#include "credential.hpp"
#include "credentials/store.hpp"
#include "ledger.hpp"
#include "publisher.hpp"
#include "turn.hpp"
#include "write_back.hpp"

namespace belay::credentials {

/// Told when the hook is called: until when it should have answered, and how to hurry it then.
using HookStarted = std::function<void(MonoTime deadline, CancelSource hurry)>;

class Leader {
 public:
  /// `stop` ends what may be ended at any moment: waiting for the lease, commands, hooks of credentials that have no
  /// refresh token to lose.
  Leader(Ledger& ledger, WriteBack& files, const Clock& clock, const Options& options, CancelToken stop)
      : ledger_(ledger),
        files_(files),
        clock_(clock),
        options_(options),
        stop_(std::move(stop)),
        publisher_(ledger, files, clock) {}

  /// [worker thread, blocks]
  RefreshResult lead(Credential& credential, const RefreshRequest& request, const HookStarted& started);
  /// What one hook, or one command, of this provider may take.
  [[nodiscard]] Millis limit_of(const std::string& provider) const;

 private:
  [[nodiscard]] std::optional<RefreshResult> without_hook(const Turn& turn, const View& before, UnixMs asked) const;
  HookOutput call_hook(Turn& turn, const HookStarted& started);

  Ledger& ledger_;
  WriteBack& files_;
  const Clock& clock_;
  const Options& options_;
  const CancelToken stop_;
  Publisher publisher_;
};

}  // namespace belay::credentials
