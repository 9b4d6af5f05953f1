// Loop: one epoll loop on one thread. Everything that belongs to a loop is touched on its thread only, so no locks are needed there;
// the two doors for other threads are post() and stop().
#pragma once

#include <sys/epoll.h>

#include <cstddef>
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

/// One timer, owned by whoever waits. Destroying it disarms it, also from inside `fire`, and frees what `fire` holds at once; a timer ends before
/// its loop does. Re-arming to a later moment is O(1): the heap is only touched when the old moment comes. [loop thread]
class Timer {
 public:
  Timer(Loop& loop, std::function<void()> fire);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// A moment that has passed fires when the loop comes to its timers, never inside this call.
  void arm_at(MonoTime when);
  void arm_in(Millis span);
  void disarm() { armed_ = false; }
  [[nodiscard]] bool armed() const { return armed_; }

 private:
  friend class Loop;
  friend class TimerHeap;
  static constexpr std::size_t not_queued = static_cast<std::size_t>(-1);

  Loop& loop_;
  std::function<void()> fire_;
  MonoTime when_{};                 // what the owner wants
  MonoTime due_{};                  // where it stands in the heap: never after when_ while armed
  std::size_t place_ = not_queued;  // its index in the heap
  bool armed_ = false;
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
  /// Runs `job` once at the end of the current turn (coalesced writes, zero-millisecond timers). One that is added by such a job runs at the end
  /// of the next turn, which then does not sleep. [loop thread]
  void at_turn_end(std::function<void()> job);

  [[nodiscard]] bool on_loop_thread() const;
  /// The steady clock as of the start of this turn. [loop thread]
  [[nodiscard]] MonoTime now() const;

  /// Level-triggered. One watcher per descriptor. Unwatch before closing the descriptor. After unwatch() nothing is reported for it, not even what
  /// was ready in this turn already. [loop thread]
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
