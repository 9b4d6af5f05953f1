// Progress: what is being tried right now, redrawn in place on a terminal's stderr while a call runs, and gone before
// anything else is written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "fallback/trace.hpp"
#include "screen.hpp"

namespace belay::cli {

/// One thread.
class Progress {
 public:
  /// Draws nothing on a screen whose cursor can't be moved, and nothing in the first quarter of a second: most calls
  /// are over by then.
  Progress(const Screen& screen, const Clock& clock);
  ~Progress() { close(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  [[nodiscard]] bool shown() const { return screen_.moves; }
  void begins(const fallback::Attempt& attempt);
  void ended(const fallback::Attempt& attempt);
  /// Draws what has changed; to be called several times a second while it is shown().
  void draw();
  /// Clears what was drawn; nothing is drawn any more.
  void close();

  /// What draw() shows at `now`, without colour codes removed or added for the cursor. For tests too.
  [[nodiscard]] std::vector<std::string> lines(MonoTime now) const;

 private:
  const Screen screen_;
  const Clock& clock_;
  const MonoTime start_;
  std::vector<fallback::Attempt> ended_;
  std::optional<fallback::Attempt> running_;
  MonoTime running_since_;
  bool closed_ = false;
  bool drawn_ = false;
};

}  // namespace belay::cli
