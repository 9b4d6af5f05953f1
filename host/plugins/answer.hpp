// One call into a plugin: nothing that it throws gets past here, its error text is checked, its status becomes an
// Answer.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "belay/types.h"
#include "fault.hpp"
#include "plugins/provider.hpp"

namespace belay::plugins {

/// The belay_error that a call gets, with a mark behind its room.
class ErrorRoom {
 public:
  ErrorRoom() { room_[capacity] = mark; }
  belay_error* raw() { return &raw_; }
  /// The plugin wrote more than it was given room for.
  [[nodiscard]] bool overrun() const {
    return raw_.text.len > capacity || room_[capacity] != mark || raw_.text.ptr != room_.data() ||
           raw_.size != sizeof raw_;
  }
  /// For people: one line, scrubbed.
  [[nodiscard]] std::string text() const;

 private:
  static constexpr std::uint32_t capacity = 511;
  static constexpr char mark = '\x5a';
  std::array<char, capacity + 1> room_;  // not cleared: most calls succeed and never look
  belay_error raw_{sizeof(belay_error), 0, {room_.data(), capacity, 0}};
};

/// Copies a text to the other side's room, cut on a character.
void put(belay_error* error, std::string_view text);

/// Which thread tag of belay/version.h the running call has; services ask. One a thread.
enum class CallKind : std::uint8_t { none, control, exchange, refresh, transport };
CallKind current_call();

/// Marks the calling thread as inside a plugin's function.
class CallScope {
 public:
  explicit CallScope(CallKind kind);
  ~CallScope();
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

 private:
  const CallKind outer_;
};

/// What a status means; an unknown one is read as belay/types.h says. `room` is only read for failures.
Answer answer_of(belay_status status, const ErrorRoom& room, std::string_view function);

/// The ABI's word for an answer of this host's own parts.
belay_status status_of(Status status);

/// The answer of a plugin whose latch is closed.
Answer fault_answer(const FaultLatch& latch);

/// Calls `body(error)`, one function of the plugin that returns a status.
template <class Body>
Answer call(FaultLatch& latch, std::string_view function, CallKind kind, Body&& body) {
  if (latch.latched()) return fault_answer(latch);
  ErrorRoom room;
  belay_status status = BELAY_OK;
  {
    const CallScope scope(kind);
    // The last line: a plugin that lets an exception out may just as well abort the process (P13), depending on how it
    // was linked.
    try {
      status = body(room.raw());
    } catch (const std::exception& thrown) {
      latch.latch(function, std::string("it threw \"") + thrown.what() + "\"");
    } catch (...) {
      latch.latch(function, "it threw something");
    }
  }
  if (room.overrun()) latch.latch(function, "it wrote beyond the room for its error text");
  if (latch.latched()) return fault_answer(latch);
  if (status == BELAY_OK) return {};
  return answer_of(status, room, function);
}

/// Calls `body()`, a function of the plugin that frees something: also when the latch is closed, since nobody else can.
template <class Body>
void call_to_free(FaultLatch& latch, std::string_view function, CallKind kind, Body&& body) {
  const CallScope scope(kind);
  try {
    body();
  } catch (...) {
    latch.latch(function, "it threw something");
  }
}

}  // namespace belay::plugins
