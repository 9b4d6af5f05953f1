#include "recorder.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.hpp"
#include "base/secret.hpp"
#include "span_json.hpp"

namespace belay::gateway::sight {
namespace {

constexpr int nap_ms = 10;  // between two looks while requests keep coming: no wake-up for each of them
constexpr std::size_t text_limit = 256u << 10;
constexpr std::size_t at_once = 256, lines_at_once = 128u << 10;  // of one queue or pipe, before the next one has its turn
constexpr std::size_t usual_line = 512;
constexpr int passes = 64;            // before orders are looked at

/// A reader of the log that went away is an error of write(), not the end of the process.
void block_sigpipe() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

Recorder::Recorder(std::size_t workers, std::size_t queue, AccessLog log, RecorderSettings settings,
                   std::shared_ptr<SpanExport> exporter)
    : exporter_(std::move(exporter)),
      bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      log_(std::move(log)),
      settings_(std::move(settings)) {
  for (std::size_t i = 0; i < workers; ++i) {
    queues_.push_back(std::make_unique<SpscQueue<KeptPtr>>(queue));
    pipes_.push_back(std::make_unique<LinePipe>(queue * usual_line));
  }
  thread_ = std::thread([this] { run(); });
}

Recorder::~Recorder() {
  {
    std::lock_guard lock(mutex_);
    orders_.stop = true;
  }
  wake();
  thread_.join();
}

bool Recorder::put(std::size_t worker, KeptPtr kept) {
  if (!queues_[worker]->put(std::move(kept))) return false;
  ring_if_asleep();
  return true;
}

bool Recorder::put_line(std::size_t worker, std::string_view line) {
  if (!pipes_[worker]->put(line)) return false;
  ring_if_asleep();
  return true;
}

/// Whoever comes second of this and the thread's own exchange sees what the other one did before it.
void Recorder::ring_if_asleep() {
  if (asleep_.exchange(false, std::memory_order_acq_rel)) wake();
}

void Recorder::use(RecorderSettings settings, std::optional<AccessLog> log) {
  {
    std::lock_guard lock(mutex_);
    orders_.settings = std::move(settings);
    if (log) orders_.log = std::move(log);
  }
  wake();
}

void Recorder::reopen() {
  reopen_ = true;
  wake();
}

void Recorder::flush(MonoTime until) {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++orders_.flushes;
  wake();
  flushed_.wait_until(lock, until, [&] { return flushes_done_ >= mine; });
}

void Recorder::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(bell_.get(), &one, sizeof one);
}

void Recorder::wait(int milliseconds) const {
  pollfd ring{bell_.get(), POLLIN, 0};
  if (::poll(&ring, 1, milliseconds) <= 0) return;
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(bell_.get(), &count, sizeof count);
}

/// Takes over what was ordered, and says whether the thread has to end.
bool Recorder::obey(Orders& to) {
  {
    std::lock_guard lock(mutex_);
    to.flushes = orders_.flushes;
    to.stop = orders_.stop;
    to.settings = std::exchange(orders_.settings, std::nullopt);
    to.log = std::exchange(orders_.log, std::nullopt);
  }
  if (to.settings) settings_ = std::move(*to.settings);
  if (to.log) log_ = std::move(*to.log);
  if (reopen_.exchange(false)) {
    if (const auto opened = log_.reopen(); !opened) log(LogLevel::warn, "access log", opened.error().message);
  }
  return to.stop;
}

void Recorder::run() {
  block_sigpipe();
  for (std::uint64_t flushed = 0;;) {
    Orders orders;
    const bool stop = obey(orders);
    for (int pass = 0; (pass < passes || stop) && drain(); ++pass) {
    }
    write_lines();
    const bool flush = orders.flushes > flushed;
    if (span_count_ > 0 && (flush || stop || until_batch_is_due() == 0)) send_spans();
    if (flush) {
      std::lock_guard lock(mutex_);
      flushes_done_ = flushed = orders.flushes;
      flushed_.notify_all();
    }
    if (stop) return;
    asleep_.exchange(true, std::memory_order_acq_rel);
    if (!drain()) wait(until_batch_is_due());
    // Whoever put something has taken the sign down, and there will be more: one wake-up for each request would cost it more than
    // all that is written here. Orders leave the sign up, and are obeyed at once.
    if (!asleep_.exchange(false, std::memory_order_acq_rel)) wait(nap_ms);
  }
}

/// Whether there was anything.
bool Recorder::drain() {
  bool any = false;
  for (const auto& pipe : pipes_) {
    any = pipe->take(text_, lines_at_once) || any;
    if (text_.size() >= text_limit) write_lines();
  }
  for (const auto& queue : queues_) {
    for (std::size_t i = 0; i < at_once; ++i) {
      const auto kept = queue->take();
      if (!kept) break;
      any = true;
      record(**kept);
    }
  }
  return any;
}

void Recorder::record(const Kept& kept) {
  if (!settings_.spans || !kept.has_spans()) return;
  if (span_count_ == 0)
    oldest_span_ = system_clock().mono();
  else
    spans_ += ',';
  span_count_ += append_spans(spans_, kept, *settings_.providers);
  if (span_count_ >= settings_.batch_spans) send_spans();
}

void Recorder::write_lines() {
  if (text_.empty()) return;
  text_ = scrub(std::move(text_));
  const auto written = log_.on() ? log_.write(text_) : AccessLog::Written();
  lines_ += written.lines;
  lines_lost_ += written.lost;
  text_.clear();
}

void Recorder::send_spans() {
  exporter_->send(
      {std::make_shared<const std::string>(scrub(export_body(settings_.service_name, spans_))), span_count_});
  spans_.clear();
  span_count_ = 0;
}

/// -1: nothing waits.
int Recorder::until_batch_is_due() const {
  if (span_count_ == 0) return -1;
  const auto left = std::chrono::ceil<Millis>(oldest_span_ + settings_.batch_wait - system_clock().mono());
  return static_cast<int>(std::max<Millis::rep>(left.count(), 0));
}

}  // namespace belay::gateway::sight
