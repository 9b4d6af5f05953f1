#include "base/loop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <thread>
#include <vector>

#include "base/file.hpp"
#include "timer_heap.hpp"

namespace belay {

struct Loop::Impl {
  struct Watched {
    Watcher* watcher = nullptr;
    std::uint32_t number = 0;  // tells an old readiness from that of a reused descriptor
  };
  using Jobs = std::vector<std::function<void()>>;

  Fd epoll, wake;
  std::atomic<bool> stopping{false};
  std::atomic<std::thread::id> thread{};
  MonoTime now = std::chrono::steady_clock::now();

  std::mutex mutex;
  Jobs posted;  // guarded by mutex

  Jobs running;  // keeps its room from turn to turn
  Jobs turn_end;
  std::vector<Watched> watched;  // by descriptor
  std::uint32_t next_number = 1;

  TimerHeap timers;
  Timer* firing = nullptr;  // null again once it was destroyed from inside
  bool in_timers = false;

  void queue(Timer& timer) {
    // One nanosecond on: a timer that arms itself for now, from inside, waits for the next turn, so that it can't keep
    // the loop from its descriptors.
    timers.put(timer, in_timers ? std::max(timer.when_, now + std::chrono::nanoseconds(1)) : timer.when_);
  }

  void fire_timers() {
    in_timers = true;
    while (!timers.empty() && timers.first().due_ <= now) {
      Timer& timer = timers.first();
      if (timer.armed_ && timer.when_ > timer.due_) {  // was moved to later
        timers.put(timer, timer.when_);
        continue;
      }
      timers.remove(timer);
      if (timer.armed_) fire(timer);
    }
    in_timers = false;
  }

  /// The owner may destroy the timer from inside: its function lives here until it has returned.
  void fire(Timer& timer) {
    timer.armed_ = false;
    firing = &timer;
    auto function = std::move(timer.fire_);
    function();
    if (firing != nullptr) timer.fire_ = std::move(function);
    firing = nullptr;
  }

  int wait_ms() const {
    if (!turn_end.empty()) return 0;
    if (timers.empty()) return -1;
    const auto left = std::chrono::ceil<Millis>(timers.first().due_ - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
  }

  void report(int fd, std::uint32_t number, std::uint32_t events) const {
    // Looked up each time: a handler before this one may have unwatched it, or closed and reused its number.
    const auto at = static_cast<std::size_t>(fd);
    if (at < watched.size() && watched[at].watcher != nullptr && watched[at].number == number)
      watched[at].watcher->on_ready(events);
  }

  void run_all(Jobs& jobs) {
    for (auto& job : jobs) {
      job();
      job = nullptr;  // what it holds goes away before the next one runs
    }
    jobs.clear();
  }

  void run_posted() {
    {
      std::lock_guard lock(mutex);
      running.swap(posted);
    }
    run_all(running);
  }

  void run_turn_end() {
    running.swap(turn_end);
    run_all(running);
  }

  void signal() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake.get(), &one, sizeof one);
  }

  void drain() const {
    std::uint64_t signals = 0;
    [[maybe_unused]] const auto got = ::read(wake.get(), &signals, sizeof signals);
  }
};

namespace {

std::uint64_t tag(int fd, std::uint32_t number) {
  return static_cast<std::uint64_t>(number) << 32 | static_cast<std::uint32_t>(fd);
}

}  // namespace

Timer::Timer(Loop& loop, std::function<void()> fire) : loop_(loop), fire_(std::move(fire)) {}

Timer::~Timer() {
  if (place_ != not_queued) loop_.impl_->timers.remove(*this);
  if (!fire_ && loop_.impl_->firing == this) loop_.impl_->firing = nullptr;
}

void Timer::arm_at(MonoTime when) {
  when_ = when;
  armed_ = true;
  if (place_ == not_queued || when < due_) loop_.impl_->queue(*this);
}

void Timer::arm_in(Millis span) { arm_at(std::chrono::steady_clock::now() + span); }

Loop::Loop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

// What the last jobs hold may post again while it goes away.
Loop::~Loop() {
  for (;;) {
    Impl::Jobs posted, turn_end;
    {
      std::lock_guard lock(impl_->mutex);
      posted.swap(impl_->posted);
    }
    turn_end.swap(impl_->turn_end);
    if (posted.empty() && turn_end.empty()) return;
  }
}

Result<std::unique_ptr<Loop>> Loop::create() {
  auto impl = std::make_unique<Impl>();
  impl->epoll = Fd(::epoll_create1(EPOLL_CLOEXEC));
  if (!impl->epoll) return fail("cannot make an event loop: " + errno_text(errno));
  impl->wake = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!impl->wake) return fail("cannot make an event loop: " + errno_text(errno));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = static_cast<std::uint32_t>(impl->wake.get());
  if (::epoll_ctl(impl->epoll.get(), EPOLL_CTL_ADD, impl->wake.get(), &event) != 0)
    return fail("cannot make an event loop: " + errno_text(errno));
  return std::unique_ptr<Loop>(new Loop(std::move(impl)));
}

void Loop::run() {
  impl_->thread = std::this_thread::get_id();
  epoll_event ready[256];
  while (!impl_->stopping.exchange(false)) {
    const int count =
        ::epoll_wait(impl_->epoll.get(), ready, 256, impl_->wait_ms());  // -1 when a signal came: a turn like any other
    impl_->now = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
      const auto fd = static_cast<int>(ready[i].data.u64 & 0xffffffffU);
      if (fd == impl_->wake.get()) {
        impl_->drain();
      } else {
        impl_->report(fd, static_cast<std::uint32_t>(ready[i].data.u64 >> 32), ready[i].events);
      }
    }
    impl_->run_posted();
    impl_->fire_timers();
    impl_->run_turn_end();
  }
  impl_->thread = std::thread::id();
}

void Loop::stop() {
  const int kept = errno;  // a signal handler may be what calls this
  impl_->stopping = true;
  impl_->signal();
  errno = kept;
}

void Loop::post(std::function<void()> job) {
  bool first = false;
  {
    std::lock_guard lock(impl_->mutex);
    first = impl_->posted.empty();
    impl_->posted.push_back(std::move(job));
  }
  if (first) impl_->signal();
}

void Loop::at_turn_end(std::function<void()> job) { impl_->turn_end.push_back(std::move(job)); }

bool Loop::on_loop_thread() const {
  return impl_->thread.load(std::memory_order_relaxed) == std::this_thread::get_id();
}
MonoTime Loop::now() const { return impl_->now; }

Result<void> Loop::watch(int fd, std::uint32_t events, Watcher& watcher) {
  const std::uint32_t number = impl_->next_number++;
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag(fd, number);
  if (::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0)
    return fail("cannot watch a descriptor: " + errno_text(errno));
  const auto at = static_cast<std::size_t>(fd);
  if (at >= impl_->watched.size()) impl_->watched.resize(std::max(at + 1, impl_->watched.size() * 2));
  impl_->watched[at] = {&watcher, number};
  return {};
}

Result<void> Loop::rewatch(int fd, std::uint32_t events) {
  const auto at = static_cast<std::size_t>(fd);
  if (at >= impl_->watched.size() || impl_->watched[at].watcher == nullptr)
    return fail("cannot watch a descriptor: it is not being watched");
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag(fd, impl_->watched[at].number);
  if (::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_MOD, fd, &event) != 0)
    return fail("cannot watch a descriptor: " + errno_text(errno));
  return {};
}

void Loop::unwatch(int fd) {
  const auto at = static_cast<std::size_t>(fd);
  if (at >= impl_->watched.size() || impl_->watched[at].watcher == nullptr) return;
  impl_->watched[at] = {};
  ::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_DEL, fd, nullptr);  // fails when fd is closed already: fine
}

}  // namespace belay
