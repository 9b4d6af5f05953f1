// Relay: carries one call's news from the loop thread to the thread that waits for it, which alone writes to the
// terminal. So a reader that does not read holds up its own call (through back-pressure) and never the loop with its
// deadline.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "interrupt.hpp"
#include "progress.hpp"
#include "runtime/runtime.hpp"
#include "writing.hpp"

namespace belay::cli {

/// What of a streamed answer is written as it arrives.
enum class Show { nothing, text, events };

/// Whether the waiting thread wants to hear of attempts.
enum class Steps { told, untold };

class Relay : public runtime::Observer {
 public:
  Relay(Show show, Steps steps);

  void on_attempt(const fallback::Attempt& attempt) override;
  void on_verdict(const fallback::Attempt& attempt) override;
  bool on_event(std::string_view data) override;
  void on_text(std::string_view text) override;
  void on_done(const runtime::CallResult& result) override;

  struct Step {
    bool ended = false;
    fallback::Attempt attempt;
  };
  struct News {
    std::vector<Step> steps;
    std::string text;     ///< to be written, after what was taken before
    bool paused = false;  ///< the upstream waits for this text to be taken: Call::resume()
    bool done = false;    ///< the call is over; nothing more will come than what waits here
  };
  /// Readable when there are news. [waiting thread]
  [[nodiscard]] int descriptor() const { return event_.get(); }
  /// What came since the last time; text only to those who have written what they took before, so that it piles up
  /// here, where it pauses the upstream. [waiting thread]
  enum class Text { yes, not_yet };
  News take(Text text);
  /// After `done`.
  [[nodiscard]] const runtime::CallResult& result() const { return result_; }

 private:
  void wake();

  const Show show_;
  const Steps steps_;
  const Fd event_;
  std::mutex mutex_;
  News news_;                   ///< guarded by mutex_
  runtime::CallResult result_;  ///< written once before `done`
};

/// What became of a call and of what it wrote.
struct Delivered {
  runtime::CallResult result;
  Written written = Written::whole;
  int write_error = 0;  ///< errno, with Written::failed
  bool any = false;     ///< something was written
  char last = '\n';     ///< the last character that was written
};

/// Begins the call that is to be followed.
using Start = std::function<std::shared_ptr<runtime::Call>(std::shared_ptr<runtime::Observer>)>;

/// Waits for the call, writing what streams to `out`, until it is over. An interruption, also one that came before, and
/// a reader that goes away cancel it. [blocks]
Delivered follow(const Start& start, Show show, const Screen& out, Progress& progress, const Interrupt& interrupt);

}  // namespace belay::cli
