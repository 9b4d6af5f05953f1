// Loops: the threads on which calls run. Each has one event loop and one HTTP client; what belongs to it is touched on its thread only. Runtimes may
// share them: a gateway that reloads its configuration keeps its threads and connections.
#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <unordered_set>
#include <vector>

#include "base/loop.hpp"
#include "base/result.hpp"
#include "http/client.hpp"

namespace belay::runtime {

/// Something that runs on a loop until it says that it is over: a call, an exchange whose connection is being read to its end.
class Resident : public std::enable_shared_from_this<Resident> {
 public:
  /// `tenant`: whose it is; they are evicted together.
  explicit Resident(const void* tenant) : tenant_(tenant) {}
  virtual ~Resident() = default;
  Resident(const Resident&) = delete;
  Resident& operator=(const Resident&) = delete;
  /// The process ends: stop at once, and move out(). [loop thread]
  virtual void evict() = 0;
  [[nodiscard]] const void* tenant() const { return tenant_; }

 private:
  const void* tenant_;
};

class LoopThread {
 public:
  static Result<std::unique_ptr<LoopThread>> start();
  /// Evicts who lives here, then ends the thread. Not on that thread.
  ~LoopThread();
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  [[nodiscard]] Loop& loop() { return *loop_; }
  [[nodiscard]] http::Client& client() { return *client_; }
  /// [loop thread]
  void move_in(std::shared_ptr<Resident> resident) { residents_.insert(std::move(resident)); }
  /// Goes away at the end of the turn, so that it may be in the middle of a call. [loop thread]
  void move_out(const std::shared_ptr<Resident>& resident);
  /// Everyone of that tenant, who must not move in any more; null: all. Blocks until they are gone, with what they had put off to the end of a turn.
  /// [not the loop thread]
  void evict_all(const void* tenant = nullptr);
  /// Blocks until the loop has run what was posted to it, and the turn it was in is over. [not the loop thread]
  void settle();

 private:
  LoopThread() = default;

  std::unique_ptr<Loop> loop_;
  std::unique_ptr<http::Client> client_;
  std::unordered_set<std::shared_ptr<Resident>> residents_;  // loop thread
  std::thread thread_;
};

/// Where a new call runs: the loop that asks, else each in turn.
class Loops {
 public:
  static Result<std::unique_ptr<Loops>> start(std::size_t count);
  LoopThread& pick();
  [[nodiscard]] const std::vector<std::unique_ptr<LoopThread>>& all() const { return threads_; }

 private:
  std::vector<std::unique_ptr<LoopThread>> threads_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace belay::runtime
