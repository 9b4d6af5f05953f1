// Workers: threads for what may block (refresh hooks, commands, own-transport plugins). Grows on demand up to a limit, then queues.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace belay {

class Workers {
 public:
  explicit Workers(std::size_t limit = 256);
  /// Waits for running and queued jobs, those too that they queue. Not from inside a job.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Runs `job` on a worker as soon as one is free. Jobs do not throw. Thread-safe.
  void run(std::function<void()> job);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace belay
