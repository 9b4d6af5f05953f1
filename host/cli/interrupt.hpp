// Interrupt: SIGINT, SIGTERM and SIGHUP as something to wait for, so that a call can be cancelled in order and its
// trace still written.
#pragma once

#include "base/file.hpp"

namespace belay::cli {

/// While one lives, the first signal makes descriptor() readable; a later one, at least half a second after it (so that
/// one Ctrl-C that arrives twice, from the terminal and from a parent that passes it on, counts once), ends the
/// process. One at a time, from one thread.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Readable once a signal came.
  [[nodiscard]] int descriptor() const { return event_.get(); }
  /// Its number; 0: none came.
  [[nodiscard]] int signal() const;

 private:
  Fd event_;
};

}  // namespace belay::cli
