// Recorder: the thread that writes the access log and turns requests into spans, so that no loop waits for a disk or a
// collector. It sleeps while there is nothing to do, and takes what comes in a burst together. A line is made by its loop,
// while all that it tells of is warm (5 times cheaper than here); a span, which is wanted less often, is made here.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "access_log.hpp"
#include "kept.hpp"
#include "line_pipe.hpp"
#include "provider_facts.hpp"
#include "span_export.hpp"
#include "spsc.hpp"

namespace belay::gateway::sight {

/// What the recorder works by; replaced as a whole.
struct RecorderSettings {
  std::string service_name;
  bool spans = false;
  std::size_t batch_spans = 512;
  Millis batch_wait{2'000};
  std::shared_ptr<const Providers> providers;
};

class Recorder {
 public:
  Recorder(std::size_t workers, std::size_t queue, AccessLog log, RecorderSettings settings,
           std::shared_ptr<SpanExport> exporter);
  /// Writes and sends what waits.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// A request whose spans are wanted. false: the queue of that worker is full. [its loop thread]
  bool put(std::size_t worker, KeptPtr kept);
  /// A line for the log, not scrubbed. false: there is no room for it. [its loop thread]
  bool put_line(std::size_t worker, std::string_view line);
  /// [any thread]
  void use(RecorderSettings settings, std::optional<AccessLog> log);
  /// [any thread, async-signal-safe]
  void reopen();
  /// Until what was put before is written, and handed to the exporter. [any other thread]
  void flush(MonoTime until);

  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  [[nodiscard]] std::uint64_t lines_lost() const { return lines_lost_; }

 private:
  struct Orders {
    std::optional<RecorderSettings> settings;
    std::optional<AccessLog> log;
    std::uint64_t flushes = 0;
    bool stop = false;
  };

  void run();
  void wake() const;
  void wait(int milliseconds) const;
  [[nodiscard]] bool obey(Orders& to);
  bool drain();
  void ring_if_asleep();
  void record(const Kept& kept);
  void write_lines();
  void send_spans();
  [[nodiscard]] int until_batch_is_due() const;

  std::vector<std::unique_ptr<SpscQueue<KeptPtr>>> queues_;
  std::vector<std::unique_ptr<LinePipe>> pipes_;
  std::shared_ptr<SpanExport> exporter_;
  Fd bell_;  // eventfd
  std::atomic<bool> asleep_{false}, reopen_{false};
  std::atomic<std::uint64_t> lines_{0}, lines_lost_{0};

  std::mutex mutex_;
  std::condition_variable flushed_;
  Orders orders_;  // under the mutex
  std::uint64_t flushes_done_ = 0;

  // Of the thread.
  AccessLog log_;
  RecorderSettings settings_;
  std::string text_, spans_;
  std::size_t span_count_ = 0;
  MonoTime oldest_span_;

  std::thread thread_;
};

}  // namespace belay::gateway::sight
