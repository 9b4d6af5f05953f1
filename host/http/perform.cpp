// perform(): a blocking exchange for worker threads, carried by the client's loop.
#include <cassert>
#include <condition_variable>
#include <mutex>

#include "http/client.hpp"

namespace belay::http {
namespace {

/// Shared by the waiting thread, the loop and the cancel token; whoever lets go last frees it.
class Visit final : public Handler, public std::enable_shared_from_this<Visit> {
 public:
  /// [loop thread]
  void start(Client& client, Request request) {
    // Held while starting: the waiting thread does not return, and what `request` points to lives, until this is done.
    std::lock_guard lock(mutex_);
    if (over_ || cancelled_) return;
    transfer_ = client.start(std::move(request), *this);
  }

  /// [loop thread]
  void drop() { transfer_.reset(); }

  void cancel() {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    changed_.notify_all();
  }

  /// True when it was finished, false when the deadline or the cancel came first.
  bool wait(MonoTime deadline, Reply& reply) {
    std::unique_lock lock(mutex_);
    const auto settled = [this] { return over_ || cancelled_; };
    changed_.wait_until(lock, deadline, settled);
    const bool finished = over_;
    over_ = true;  // later pieces are not for us
    reply = std::move(reply_);
    if (finished) return true;
    reply.done = cancelled_ ? Done{Failure::cancelled, "cancelled", reply.head.status != 0}
                            : Done{Failure::timed_out, "no whole reply before the deadline", reply.head.status != 0};
    return false;
  }

 private:
  void on_head(const Head& head) override {
    std::lock_guard lock(mutex_);
    if (!over_) reply_.head = head;
  }

  bool on_body(std::string_view piece) override {
    std::lock_guard lock(mutex_);
    if (!over_) reply_.body += piece;
    return true;
  }

  void on_done(const Done& done) override {
    const auto keep = shared_from_this();  // the waiting thread may return before this function does
    drop();
    std::lock_guard lock(mutex_);
    if (over_) return;
    reply_.done = done;
    over_ = true;
    changed_.notify_all();
  }

  // Loop thread only. perform() holds this object until the transfer is over, or hands it to the loop to be dropped
  // there.
  std::unique_ptr<Transfer> transfer_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  Reply reply_;
  bool over_ = false, cancelled_ = false;
};

}  // namespace

Reply perform(Loop& loop, Client& client, Request request, MonoTime deadline, const CancelToken& cancel) {
  assert(!loop.on_loop_thread());
  const auto visit = std::make_shared<Visit>();
  const std::uint64_t id = cancel.on_cancel([visit] { visit->cancel(); });
  loop.post([visit, &client, request = std::move(request)]() mutable { visit->start(client, std::move(request)); });

  Reply reply;
  const bool finished = visit->wait(deadline, reply);
  cancel.forget(id);
  if (!finished) loop.post([visit] { visit->drop(); });
  return reply;
}

}  // namespace belay::http
