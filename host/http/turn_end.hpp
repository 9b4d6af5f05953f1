// TurnEnd: work that is asked for many times in a turn of the loop and done once, at its end.
#pragma once

#include <functional>
#include <memory>

#include "base/loop.hpp"

namespace belay::http {

/// [loop thread] Destroying it withdraws the request, also from inside the job.
class TurnEnd {
 public:
  TurnEnd(Loop& loop, std::function<void()> job);
  ~TurnEnd();
  TurnEnd(const TurnEnd&) = delete;
  TurnEnd& operator=(const TurnEnd&) = delete;

  void request();

 private:
  struct Asked {
    std::function<void()> job;
    bool waiting = false;
  };
  Loop& loop_;
  std::shared_ptr<Asked> asked_;
};

}  // namespace belay::http
