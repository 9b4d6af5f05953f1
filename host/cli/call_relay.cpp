#include "call_relay.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

namespace belay::cli {
namespace {

constexpr std::size_t enough_bytes = 256U << 10;  ///< waiting to be written: the upstream is paused
constexpr int frame_ms = 100;

/// One event as one line. Line breaks in JSON are white space: inside a text they are escaped.
void append_line(std::string& to, std::string_view data) {
  const std::size_t start = to.size();
  to += data;
  std::replace_if(
      to.begin() + static_cast<std::ptrdiff_t>(start), to.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  to += '\n';
}

/// Follows one call on the waiting thread.
class Follower {
 public:
  Follower(runtime::Call& call, Relay& relay, const Screen& out, Progress& progress, const Interrupt& interrupt)
      : call_(call), relay_(relay), out_(out), progress_(progress), interrupt_(interrupt) {}

  Delivered run() {
    while (true) {
      take_news();
      progress_.draw();
      if (done_ && all_taken_ && pending_.empty()) break;
      const bool writable = wait();
      if (interrupt_.signal() != 0) cancel();
      if (writable) write();
      if (done_ && cancelled_ && !writable) break;  // nobody reads, and nobody wants to wait for that
    }
    progress_.close();
    delivered_.result = relay_.result();
    return delivered_;
  }

 private:
  void take_news() {
    std::uint64_t count = 0;
    if (read(relay_.descriptor(), &count, sizeof count) < 0) {
      // No news since the last time; text may have been left behind then.
    }
    all_taken_ = pending_.empty();
    Relay::News news = relay_.take(all_taken_ ? Relay::Text::yes : Relay::Text::not_yet);
    for (const Relay::Step& step : news.steps)
      step.ended ? progress_.ended(step.attempt) : progress_.begins(step.attempt);
    if (!news.text.empty() && delivered_.written == Written::whole)
      pending_ = out_.terminal ? disarmed(news.text) : std::move(news.text);
    if (news.paused) call_.resume();
    done_ = news.done;
  }

  /// Until there is something to do; whether `out` takes text now.
  bool wait() {
    pollfd watched[3] = {{relay_.descriptor(), POLLIN, 0},
                         {cancelled_ ? -1 : interrupt_.descriptor(), POLLIN, 0},
                         {pending_.empty() ? -1 : out_.fd, POLLOUT, 0}};
    const bool drawing = progress_.shown() && !delivered_.any;
    const int at_most_ms = done_ && (cancelled_ || pending_.empty()) ? 0 : drawing ? frame_ms : -1;
    poll(watched, 3, at_most_ms);
    return watched[2].revents != 0;
  }

  void write() {
    progress_.close();
    Written result = Written::whole;
    const std::size_t n = write_some(out_.fd, std::string_view(pending_).substr(written_), result);
    if (n > 0) {
      delivered_.any = true;
      delivered_.last = pending_[written_ + n - 1];
      written_ += n;
    }
    if (result != Written::whole) {
      delivered_.write_error = errno;
      delivered_.written = result;
      cancel();
    }
    if (written_ == pending_.size() || result != Written::whole) {
      pending_.clear();
      written_ = 0;
    }
  }

  void cancel() {
    if (!cancelled_) call_.cancel();
    cancelled_ = true;
  }

  runtime::Call& call_;
  Relay& relay_;
  const Screen& out_;
  Progress& progress_;
  const Interrupt& interrupt_;
  Delivered delivered_;
  std::string pending_;  ///< taken, and written up to written_
  std::size_t written_ = 0;
  bool all_taken_ = false;  ///< the relay has no text left that came before done_
  bool done_ = false, cancelled_ = false;
};

}  // namespace

Relay::Relay(Show show, Steps steps) : show_(show), steps_(steps), event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Relay::wake() {
  const std::uint64_t one = 1;
  if (write(event_.get(), &one, sizeof one) < 0) {
    // The counter is full: the other side has news to read already.
  }
}

void Relay::on_attempt(const fallback::Attempt& attempt) {
  if (steps_ == Steps::untold) return;
  const std::lock_guard lock(mutex_);
  news_.steps.push_back({false, attempt});
  wake();
}

void Relay::on_verdict(const fallback::Attempt& attempt) {
  if (steps_ == Steps::untold) return;
  const std::lock_guard lock(mutex_);
  news_.steps.push_back({true, attempt});
  wake();
}

bool Relay::on_event(std::string_view data) {
  const std::lock_guard lock(mutex_);
  if (show_ == Show::events) {
    append_line(news_.text, data);
    wake();
  }
  if (news_.text.size() < enough_bytes) return true;
  news_.paused = true;
  return false;
}

void Relay::on_text(std::string_view text) {
  if (show_ != Show::text || text.empty()) return;
  const std::lock_guard lock(mutex_);
  news_.text += text;
  wake();
}

void Relay::on_done(const runtime::CallResult& result) {
  const std::lock_guard lock(mutex_);
  result_ = result;
  news_.done = true;
  wake();
}

Relay::News Relay::take(Text text) {
  const std::lock_guard lock(mutex_);
  News news;
  if (text == Text::yes) {
    std::swap(news, news_);
    news_.done = news.done;
  } else {
    std::swap(news.steps, news_.steps);
    news.done = news_.done;
  }
  return news;
}

Delivered follow(const Start& start, Show show, const Screen& out, Progress& progress, const Interrupt& interrupt) {
  const auto relay = std::make_shared<Relay>(show, progress.shown() ? Steps::told : Steps::untold);
  const auto call = start(relay);
  return Follower(*call, *relay, out, progress, interrupt).run();
}

}  // namespace belay::cli
