#include "turn_end.hpp"

namespace belay::http {

TurnEnd::TurnEnd(Loop& loop, std::function<void()> job) : loop_(loop), asked_(std::make_shared<Asked>()) {
  asked_->job = std::move(job);
}

TurnEnd::~TurnEnd() { asked_->job = nullptr; }

void TurnEnd::request() {
  if (asked_->waiting) return;
  asked_->waiting = true;
  loop_.at_turn_end([asked = asked_] {
    asked->waiting = false;
    if (!asked->job) return;
    const auto job = asked->job;  // its owner may go away inside
    job();
  });
}

}  // namespace belay::http
