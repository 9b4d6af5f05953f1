// The grammar of belay/event.h for one exchange. Stands between a plugin's emit() and whoever takes the events; on the
// hot path: a few comparisons and one look at the text for each event.
#pragma once

#include <pthread.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "belay/event.h"
#include "fault.hpp"
#include "plugins/provider.hpp"

namespace belay::plugins {

class EventCheck {
 public:
  /// What the exchange may say: raw events only where plugin and caller speak one wire, a RESULT only for what is no
  /// chat.
  enum class Wire { canonical, callers };
  enum class Reply { message, result };
  EventCheck(FaultLatch& latch, Wire wire, Reply reply) : latch_(latch), wire_(wire), reply_(reply) {}
  EventCheck(const EventCheck&) = delete;
  EventCheck& operator=(const EventCheck&) = delete;

  /// Events come only between these two, on one thread, and go to `to`.
  class Call {
   public:
    Call(EventCheck& check, EventSink& to, std::string_view function);
    ~Call() { check_.to_ = nullptr; }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    EventCheck& check_;
  };

  [[nodiscard]] const belay_sink* sink() const { return &sink_; }
  /// The taker wants no more.
  [[nodiscard]] bool stopped() const { return stopped_; }
  /// The reply came to an end by the grammar: a terminal event, or raw events, whose end the host finds itself.
  [[nodiscard]] bool complete() const { return state_ == State::ended || state_ == State::raw; }

 private:
  enum class State { nothing, message, raw, ended };

  static belay_status emit(void* host, const belay_event* event);
  belay_status take(const belay_event& event);
  /// nullptr, or the rule that the event breaks.
  const char* check(const belay_event& event);
  const char* check_opening(const belay_event& event);
  const char* check_in_message(const belay_event& event);
  const char* check_tool(const belay_event& event);
  const char* check_usage(const belay_event& event);
  const char* check_error(const belay_event& event);
  belay_status breach(std::string_view what);

  FaultLatch& latch_;
  const Wire wire_;
  const Reply reply_;
  belay_sink sink_{sizeof(belay_sink), 0, this, emit};
  State state_ = State::nothing;
  bool stopped_ = false;
  std::vector<std::uint32_t> open_tools_, closed_tools_;
  belay_usage usage_{sizeof(belay_usage), 0, -1, -1, -1, -1, -1, -1};
  EventSink* to_ = nullptr;    ///< set during a call
  pthread_t thread_{};         ///< of that call
  std::string_view function_;  ///< of that call
};

}  // namespace belay::plugins
