// Loop: one epoll loop on one thread. Everything that belongs to a loop is touched on its thread only, so no locks are needed there;
// the two doors for other threads are post() and stop().
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "base/time.hpp"

namespace belay {

class Loop;

/// Gets readiness of one descriptor. Lives until after its unwatch().
class Watcher {
 public:
  virtual ~Watcher() = default;
  /// `events` are EPOLL* bits. [loop thread]
  virtual void on_ready(std::uint32_t events) = 0;
};

/// One timer, owned by whoever waits; disarms itself when destroyed. Re-arming to a later moment is O(1): the heap is only touched
/// when the old moment comes. [loop thread]
class Timer {
 public:
  Timer(Loop& loop, std::function<void()> fire);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void arm_at(MonoTime when);
  void arm_in(Millis span);
  void disarm();
  [[nodiscard]] bool armed() const;

 private:
  friend class Loop;
  struct Entry;
  std::shared_ptr<Entry> entry_;
  Loop& loop_;
};

class Loop {
 public:
  static Result<std::unique_ptr<Loop>> create();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs until stop(); the calling thread is the loop thread from then on.
  void run();
  /// Makes run() return after the current turn. [any thread, async-signal-safe]
  void stop();
  /// Runs `job` on the loop thread, in order of posting; jobs posted before run() run at its start. [any thread]
  void post(std::function<void()> job);
  /// Runs `job` once at the end of the current turn (coalesced writes, zero-millisecond timers). [loop thread]
  void at_turn_end(std::function<void()> job);

  [[nodiscard]] bool on_loop_thread() const;
  /// The steady clock as of the start of this turn. [loop thread]
  [[nodiscard]] MonoTime now() const;

  /// Level-triggered. One watcher per descriptor. [loop thread]
  Result<void> watch(int fd, std::uint32_t events, Watcher& watcher);
  Result<void> rewatch(int fd, std::uint32_t events);
  void unwatch(int fd);

 private:
  friend class Timer;
  struct Impl;
  explicit Loop(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace belay
