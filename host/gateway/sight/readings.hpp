// Readings: what the runtime says about holds, credentials and chains. It may read files, so it is asked off the loops,
// by one reader at a time, and the answer serves everyone for a second.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/time.hpp"
#include "runtime/runtime.hpp"

namespace belay::gateway::sight {

class Readings {
 public:
  explicit Readings(std::shared_ptr<runtime::Runtime> runtime) : runtime_(std::move(runtime)) {}

  /// [not a loop thread]
  void use(std::shared_ptr<runtime::Runtime> runtime);
  [[nodiscard]] std::shared_ptr<runtime::Runtime> runtime() const;
  /// May block.
  std::shared_ptr<const runtime::Status> status();
  /// Every route as it would be walked now, `auto` last. May block.
  std::shared_ptr<const std::vector<runtime::Explanation>> routes();

 private:
  template <typename T>
  struct Cached {
    std::mutex mutex;  // held while it is read
    std::shared_ptr<const T> value;
    std::shared_ptr<runtime::Runtime> of;  // which it was read from
    MonoTime at;
  };
  template <typename T, typename Read>
  std::shared_ptr<const T> cached(Cached<T>& cache, Read read);

  mutable std::mutex mutex_;  // of runtime_
  std::shared_ptr<runtime::Runtime> runtime_;
  Cached<runtime::Status> status_;
  Cached<std::vector<runtime::Explanation>> routes_;
};

}  // namespace belay::gateway::sight
