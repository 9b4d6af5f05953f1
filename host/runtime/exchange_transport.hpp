// TransportExchange: an exchange of a plugin that answers itself (belay.transport/1). It runs on a worker and may block there; its events are carried
// to the loop. A slow caller makes emit() wait on the worker, so that back-pressure needs no word in the ABI.
#pragma once

#include <condition_variable>
#include <mutex>

#include "exchange.hpp"

namespace belay::runtime {

class TransportExchange final : public Exchange, private plugins::EventSink {
 public:
  TransportExchange(Engine& engine, LoopThread& home, Mission mission, ExchangeOwner& owner, std::shared_ptr<const Served> served)
      : Exchange(engine, home, std::move(mission), owner, std::move(served)) {}

  /// After begin().
  std::optional<fallback::AttemptEnd> run();
  void resume() override;
  void stop() override;
  void evict() override { stop(); }

 private:
  /// An event with its texts owned.
  struct Carried {
    belay_event event{};
    belay_usage usage{};
    belay_failure failure{};
    std::string a, b, code, type, message, parameter, body;
    bool has_usage = false, has_failure = false;
    explicit Carried(const belay_event& from);
    /// With its pointers set to what is owned here.
    const belay_event& restored();
  };

  bool on_event(const belay_event& event) override;   // worker
  void work();                                        // worker
  void drain();                                       // loop

  CancelSource cancel_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::vector<std::unique_ptr<Carried>> queue_;       // guarded by mutex_
  std::size_t queued_bytes_ = 0;                      // guarded by mutex_
  bool posted_ = false, held_ = false, over_ = false; // guarded by mutex_
  std::optional<plugins::Answer> answer_;             // guarded by mutex_: run() returned
};

}  // namespace belay::runtime
