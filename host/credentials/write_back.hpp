// WriteBack: puts renewed tokens into the file of another program they were taken from (write_back = true), so that
// both go on with one login.
#pragma once

#include <filesystem>
#include <vector>

#include "base/file.hpp"
#include "base/result.hpp"
#include "card.hpp"
#include "ledger.hpp"

namespace belay::credentials {

class WriteBack {
 public:
  explicit WriteBack(Ledger& ledger) : ledger_(ledger) {}

  /// Our lock files PATH.lock beside the files of `card`: who shares the files but not the state waits here. Held from
  /// before the sources are read until the new tokens are written. What can't be locked is logged and left. [any
  /// thread, blocks until `until`]
  [[nodiscard]] std::vector<Fd> lock(const Card& card, MonoTime until) const;
  /// Writes the tokens of `standing` into the files, and puts down that it is done. A file whose owner has changed it
  /// meanwhile is left as it is: what stands there is adopted when it is read next. [any thread; under lease and lock]
  Result<void> write(const Card& card, Standing& standing) const;

 private:
  Ledger& ledger_;
};

}  // namespace belay::credentials
