// Relay: one call of one request. What the runtime tells goes to the client in the wire it speaks, and to the worker's counts.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/loop.hpp"
#include "endpoint.hpp"
#include "front/front.hpp"
#include "generation.hpp"
#include "runtime/runtime.hpp"
#include "sight/record.hpp"
#include "sight/sight.hpp"
#include "worker.hpp"

namespace belay::gateway {

/// [loop thread]
class Relay final : public runtime::Observer, public std::enable_shared_from_this<Relay> {
 public:
  /// `meter` was begun for it, or is null.
  Relay(Worker& worker, Reply& reply, const Endpoint& endpoint, Facts facts, const Key* key);
  ~Relay() override;

  void start(std::string body);
  /// There is room again.
  void resume();
  /// The client went away.
  void gone();
  /// The reply leads nowhere any more.
  void forget() { reply_ = nullptr; }

 private:
  bool on_plan(const runtime::Planned& planned) override;
  void on_attempt(const fallback::Attempt& attempt) override;
  void on_verdict(const fallback::Attempt& attempt) override;
  void on_commit(const runtime::Committed& committed) override;
  bool on_event(std::string_view data) override;
  void on_done(const runtime::CallResult& result) override;

  bool write(std::string_view data);
  void send(const runtime::CallResult& result);
  void finish_stream(const runtime::CallResult& result);
  void refuse(int status, std::string_view code, std::string_view message, Millis wait);
  void keep_alive();
  void over(const runtime::CallResult* result);

  Worker& worker_;
  GenerationPtr generation_;          // before call_: the call runs on its runtime
  Reply* reply_;                      // null: the client is gone, or has everything
  const Key* key_;                    // of generation_; null: nobody needs one
  std::shared_ptr<Budget> budget_;
  Facts facts_;
  std::string_view operation_, wire_;
  std::shared_ptr<LiveCall> live_;
  std::shared_ptr<runtime::Call> call_;
  std::optional<Timer> quiet_;        // streams: a comment is due when it fires
  MonoTime spoke_;                    // when the client last got something
  std::chrono::nanoseconds elsewhere_{0}, first_content_{-1};   // under way at an upstream or waiting for one
  MonoTime left_;                     // when the attempt under way began
  std::uint64_t bytes_in_ = 0, bytes_out_ = 0;
  std::int64_t tokens_ = 0;
  int status_ = 0;
  bool streamed_ = false, begun_ = false, gone_ = false, waiting_ = false, over_ = false, metered_ = false;
};

/// The front's hold on a relay.
class CallVisit final : public Visit {
 public:
  explicit CallVisit(std::shared_ptr<Relay> relay) : relay_(std::move(relay)) {}
  ~CallVisit() override { relay_->forget(); }
  void on_body(std::string body) override { relay_->start(std::move(body)); }
  void on_writable() override { relay_->resume(); }
  void on_gone() override { relay_->gone(); }

 private:
  std::shared_ptr<Relay> relay_;
};

}  // namespace belay::gateway
