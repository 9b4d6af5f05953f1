#include "base/loop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/file.hpp"

namespace belay {

/// What the heap points to. `due` is where it stands in the heap, `when` what its owner wants: re-arming to a later moment only changes `when`.
struct Timer::Entry {
  std::function<void()> fire;
  MonoTime when{}, due{};
  bool armed = false, queued = false;
};

struct Loop::Impl {
  Fd epoll, wake;
  std::atomic<bool> stopping{false};
  std::atomic<std::thread::id> thread{};
  MonoTime now = std::chrono::steady_clock::now();

  std::mutex mutex;
  std::vector<std::function<void()>> posted;

  std::vector<std::function<void()>> turn_end;
  std::unordered_map<int, std::pair<Watcher*, std::uint32_t>> watchers;  // the number tells an old readiness from that of a reused descriptor
  std::uint32_t next_number = 1;

  struct Due {
    MonoTime when;
    std::shared_ptr<Timer::Entry> entry;
    bool operator<(const Due& other) const { return when > other.when; }
  };
  std::vector<Due> heap;

  void queue(const std::shared_ptr<Timer::Entry>& entry) {
    entry->due = entry->when;
    entry->queued = true;
    heap.push_back({entry->when, entry});
    std::push_heap(heap.begin(), heap.end());
  }

  void fire_timers() {
    while (!heap.empty() && heap.front().when <= now) {
      std::pop_heap(heap.begin(), heap.end());
      const auto [when, entry] = std::move(heap.back());
      heap.pop_back();
      if (!entry->queued || entry->due != when) continue;  // replaced by an earlier one
      entry->queued = false;
      if (!entry->armed) continue;
      if (entry->when > now) {
        queue(entry);
        continue;
      }
      entry->armed = false;
      // The owner may destroy the timer, and with it the function, from inside.
      const auto fire = entry->fire;
      fire();
    }
  }

  int wait_ms() const {
    if (!turn_end.empty()) return 0;
    if (heap.empty()) return -1;
    const auto left = std::chrono::ceil<Millis>(heap.front().when - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
  }

  void run_posted() {
    std::vector<std::function<void()>> jobs;
    {
      std::lock_guard lock(mutex);
      jobs.swap(posted);
    }
    for (auto& job : jobs) {
      job();
      job = nullptr;
    }
  }

  void run_turn_end() {
    std::vector<std::function<void()>> jobs;
    jobs.swap(turn_end);  // what these add runs at the end of the next turn, which then does not sleep
    for (auto& job : jobs) job();
  }

  void signal() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake.get(), &one, sizeof one);
  }
};

Timer::Timer(Loop& loop, std::function<void()> fire) : entry_(std::make_shared<Entry>()), loop_(loop) { entry_->fire = std::move(fire); }

Timer::~Timer() { disarm(); }

void Timer::arm_at(MonoTime when) {
  entry_->when = when;
  entry_->armed = true;
  if (!entry_->queued || when < entry_->due) loop_.impl_->queue(entry_);
}

void Timer::arm_in(Millis span) { arm_at(std::chrono::steady_clock::now() + span); }
void Timer::disarm() { entry_->armed = false; }
bool Timer::armed() const { return entry_->armed; }

Loop::Loop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Loop::~Loop() = default;

Result<std::unique_ptr<Loop>> Loop::create() {
  auto impl = std::make_unique<Impl>();
  impl->epoll = Fd(::epoll_create1(EPOLL_CLOEXEC));
  if (!impl->epoll) return fail("cannot make an event loop: " + errno_text(errno));
  impl->wake = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!impl->wake) return fail("cannot make an event loop: " + errno_text(errno));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = static_cast<std::uint32_t>(impl->wake.get());
  if (::epoll_ctl(impl->epoll.get(), EPOLL_CTL_ADD, impl->wake.get(), &event) != 0) return fail("cannot make an event loop: " + errno_text(errno));
  return std::unique_ptr<Loop>(new Loop(std::move(impl)));
}

void Loop::run() {
  impl_->thread = std::this_thread::get_id();
  epoll_event ready[256];
  while (!impl_->stopping.exchange(false)) {
    const int count = ::epoll_wait(impl_->epoll.get(), ready, 256, impl_->wait_ms());
    impl_->now = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
      const int fd = static_cast<int>(ready[i].data.u64 & 0xffffffffU);
      if (fd == impl_->wake.get()) {
        std::uint64_t drained = 0;
        [[maybe_unused]] const auto got = ::read(fd, &drained, sizeof drained);
        continue;
      }
      // Looked up each time: a handler before this one may have unwatched it, or closed and reused its number.
      const auto found = impl_->watchers.find(fd);
      if (found == impl_->watchers.end() || found->second.second != static_cast<std::uint32_t>(ready[i].data.u64 >> 32)) continue;
      found->second.first->on_ready(ready[i].events);
    }
    impl_->run_posted();
    impl_->fire_timers();
    impl_->run_turn_end();
  }
  impl_->thread = std::thread::id();
}

void Loop::stop() {
  impl_->stopping = true;
  impl_->signal();
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

bool Loop::on_loop_thread() const { return impl_->thread.load(std::memory_order_relaxed) == std::this_thread::get_id(); }
MonoTime Loop::now() const { return impl_->now; }

Result<void> Loop::watch(int fd, std::uint32_t events, Watcher& watcher) {
  const std::uint32_t number = impl_->next_number++;
  epoll_event event{};
  event.events = events;
  event.data.u64 = static_cast<std::uint64_t>(number) << 32 | static_cast<std::uint32_t>(fd);
  if (::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0) return fail("cannot watch a descriptor: " + errno_text(errno));
  impl_->watchers[fd] = {&watcher, number};
  return {};
}

Result<void> Loop::rewatch(int fd, std::uint32_t events) {
  const auto found = impl_->watchers.find(fd);
  if (found == impl_->watchers.end()) return fail("cannot watch a descriptor: it is not being watched");
  epoll_event event{};
  event.events = events;
  event.data.u64 = static_cast<std::uint64_t>(found->second.second) << 32 | static_cast<std::uint32_t>(fd);
  if (::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_MOD, fd, &event) != 0) return fail("cannot watch a descriptor: " + errno_text(errno));
  return {};
}

void Loop::unwatch(int fd) {
  if (impl_->watchers.erase(fd) > 0) ::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_DEL, fd, nullptr);  // fails when fd is closed already: fine
}

}  // namespace belay
