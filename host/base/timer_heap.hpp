// TimerHeap: which timer is due first. An intrusive binary heap: each timer knows its place, so that one that is
// destroyed leaves nothing behind. (A loop that serves 20,000 calls a second, each with a deadline of minutes that is
// nearly never reached, would otherwise hold millions of dead entries.)
#pragma once

#include <cstddef>
#include <vector>

#include "base/loop.hpp"

namespace belay {

/// Writes due_ and place_ of the timers in it.
class TimerHeap {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] Timer& first() const { return *heap_.front(); }

  /// Puts `timer` in, or moves it, to `due`.
  void put(Timer& timer, MonoTime due) {
    const bool earlier = timer.place_ == Timer::not_queued || due < timer.due_;
    timer.due_ = due;
    if (timer.place_ == Timer::not_queued) {
      timer.place_ = heap_.size();
      heap_.push_back(&timer);
    }
    if (earlier) {
      rise(timer.place_);
    } else {
      sink(timer.place_);
    }
  }

  void remove(Timer& timer) {
    if (timer.place_ == Timer::not_queued) return;
    const std::size_t hole = timer.place_;
    timer.place_ = Timer::not_queued;
    Timer& last = *heap_.back();
    heap_.pop_back();
    if (&last == &timer) return;
    set(hole, last);
    rise(hole);
    sink(last.place_);
  }

 private:
  void set(std::size_t place, Timer& timer) {
    heap_[place] = &timer;
    timer.place_ = place;
  }
  void rise(std::size_t place) {
    Timer& moving = *heap_[place];
    for (; place > 0 && moving.due_ < heap_[(place - 1) / 2]->due_; place = (place - 1) / 2)
      set(place, *heap_[(place - 1) / 2]);
    set(place, moving);
  }
  void sink(std::size_t place) {
    Timer& moving = *heap_[place];
    for (std::size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
      if (child + 1 < heap_.size() && heap_[child + 1]->due_ < heap_[child]->due_) ++child;
      if (heap_[child]->due_ >= moving.due_) break;
      set(place, *heap_[child]);
      place = child;
    }
    set(place, moving);
  }

  std::vector<Timer*> heap_;
};

}  // namespace belay
