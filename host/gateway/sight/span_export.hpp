// Span export: batches to a collector over OTLP/HTTP, one after the other, on the loop of its client. A batch that is
// refused for the moment is tried once more; what can't be delivered is counted and given up.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/loop.hpp"
#include "base/secret.hpp"
#include "http/client.hpp"

namespace belay::gateway::sight {

struct ExportSettings {
  std::string url;  ///< ".../v1/traces"; empty: nothing is sent
  std::vector<std::pair<std::string, Secret>> headers;
  Millis timeout{10'000};
  Millis backoff{1'000};
};

struct SpanBatch {
  std::shared_ptr<const std::string> body;
  std::size_t spans = 0;
};

class SpanExport final : public http::Handler, public std::enable_shared_from_this<SpanExport> {
 public:
  /// `client` runs on `loop`; both outlive close().
  SpanExport(Loop& loop, http::Client& client) : loop_(loop), client_(client) {}

  /// [any thread]
  void use(ExportSettings settings);
  void send(SpanBatch batch);
  /// Gives up what waits; nothing is sent from then on. [any thread; done when the loop has run it]
  void close();
  /// Until every batch that was sent so far is delivered or given up. [not the loop thread]
  void wait_idle(MonoTime until);

  [[nodiscard]] std::uint64_t exported() const { return exported_; }
  [[nodiscard]] std::uint64_t refused() const {
    return refused_;
  }  ///< spans of batches that the collector refused or that did not reach it
  [[nodiscard]] std::uint64_t overflowed() const {
    return overflowed_;
  }  ///< spans of batches for which there was no room

 private:
  static constexpr std::size_t most_waiting = 16;

  void on_head(const http::Head& head) override;
  bool on_body(std::string_view piece) override;
  void on_done(const http::Done& done) override;
  void start();
  void over(bool delivered, const std::string& why);
  void later(Millis wait);
  void settle(bool delivered);

  Loop& loop_;
  http::Client& client_;
  // Of the loop thread.
  ExportSettings settings_;
  std::deque<SpanBatch> waiting_;  // the first one is under way
  std::unique_ptr<http::Transfer> transfer_;
  std::unique_ptr<Timer> timer_;
  bool closed_ = false, second_try_ = false, told_ = false;
  int status_ = 0;
  std::optional<Millis> retry_after_;
  std::string reply_;
  // Of all threads.
  std::atomic<std::uint64_t> exported_{0}, refused_{0}, overflowed_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t pending_ = 0;  // batches between send() and their end
};

}  // namespace belay::gateway::sight
