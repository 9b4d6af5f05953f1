// Cancellation: who may ask (CancelToken) and who may order (CancelSource) are different types.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace belay {

/// Asks. Cheap to copy; a default token is never cancelled. Thread-safe.
class CancelToken {
 public:
  CancelToken() = default;
  [[nodiscard]] bool cancelled() const;
  /// A descriptor that becomes readable when cancelled (made on first use), or -1 for a token that can't be cancelled. Owned by the source.
  [[nodiscard]] int descriptor() const;
  /// Calls `then` once when cancelled (at once, on this thread, if it is already); returns an id for forget(), 0 if never.
  std::uint64_t on_cancel(std::function<void()> then) const;
  /// After it `then` does not run and never will: waits for one that is running on another thread. So don't hold a lock here that `then` takes.
  /// From inside `then` it returns at once.
  void forget(std::uint64_t id) const;

 private:
  friend class CancelSource;
  struct State;
  std::shared_ptr<State> state_;
};

/// Orders. Thread-safe.
class CancelSource {
 public:
  CancelSource();
  [[nodiscard]] CancelToken token() const;
  /// True for the first call. Callbacks run on the calling thread.
  bool cancel();

 private:
  std::shared_ptr<CancelToken::State> state_;
};

}  // namespace belay
