#include "event_check.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "belay/failure.h"
#include "sized.hpp"
#include "words.hpp"

namespace belay::plugins {
namespace {

constexpr std::size_t most_tools = 1024;

bool text(belay_str text) { return readable(text) && valid_utf8(view(text)); }

bool contains(const std::vector<std::uint32_t>& list, std::uint32_t value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

EventCheck::Call::Call(EventCheck& check, EventSink& to, std::string_view function) : check_(check) {
  check.to_ = &to;
  check.thread_ = ::pthread_self();
  check.function_ = function;
}

belay_status EventCheck::emit(void* host, const belay_event* event) {
  auto& self = *static_cast<EventCheck*>(host);
  if (self.to_ == nullptr || ::pthread_equal(self.thread_, ::pthread_self()) == 0) {
    self.latch_.latch(self.to_ == nullptr ? std::string_view("emit") : self.function_,
                      "it emitted an event outside of the call that got the sink");
    return BELAY_ERR_CONTRACT;
  }
  if (event == nullptr || event->size < sizeof(belay_event))
    return self.breach("it emitted an event that is shorter than ABI 1.0 says");
  return self.take(*event);
}

belay_status EventCheck::breach(std::string_view what) {
  latch_.latch(function_, what);
  stopped_ = true;
  return BELAY_STOP;
}

belay_status EventCheck::take(const belay_event& event) {
  if (stopped_) return latch_.latched() ? BELAY_STOP : breach("it emitted an event after its sink had said STOP");
  if (state_ == State::ended) return breach("it emitted an event after the one that ends the reply");
  if (event.type < BELAY_EVENT_MESSAGE_START || event.type > BELAY_EVENT_RESULT)
    return BELAY_OK;  // one of a later ABI: skipped
  if (!readable(event.a) || !readable(event.b)) return breach("it emitted an event whose texts can't be read");
  if (const char* why = check(event)) return breach(why);
  bool more = false;
  if (event.type == BELAY_EVENT_STOP && (event.num < BELAY_STOPPED_END || event.num > BELAY_STOPPED_OTHER)) {
    belay_event known = event;
    known.num = BELAY_STOPPED_OTHER;
    more = to_->on_event(known);
  } else {
    more = to_->on_event(event);
  }
  // After the event that ends the reply there is nothing to stop, and nothing that a plugin might still emit is right.
  if (!more && state_ != State::ended) stopped_ = true;
  return more ? BELAY_OK : BELAY_STOP;
}

const char* EventCheck::check(const belay_event& event) {
  if (event.type == BELAY_EVENT_ERROR) return check_error(event);
  switch (state_) {
    case State::nothing:
      return check_opening(event);
    case State::raw:
      return event.type == BELAY_EVENT_RAW ? nullptr : "it mixed raw events with others";
    case State::message:
      return check_in_message(event);
    case State::ended:
      break;
  }
  return nullptr;
}

const char* EventCheck::check_opening(const belay_event& event) {
  switch (event.type) {
    case BELAY_EVENT_RAW:
      if (wire_ != Wire::callers) return "it emitted a RAW event for a request that is not in its wire";
      state_ = State::raw;
      return nullptr;
    case BELAY_EVENT_RESULT:
      if (reply_ != Reply::result) return "it emitted a RESULT for a chat";
      if (!text(event.a)) return "it emitted a RESULT that is no UTF-8";
      state_ = State::ended;
      return nullptr;
    case BELAY_EVENT_MESSAGE_START:
      if (!text(event.a) || !text(event.b)) return "it emitted a MESSAGE_START whose texts are no UTF-8";
      state_ = State::message;
      return nullptr;
    default:
      return "it emitted an event before MESSAGE_START";
  }
}

const char* EventCheck::check_in_message(const belay_event& event) {
  switch (event.type) {
    case BELAY_EVENT_TEXT:
    case BELAY_EVENT_REASONING:
    case BELAY_EVENT_REFUSAL:
      return valid_utf8(view(event.a)) ? nullptr : "it emitted a text that is no UTF-8 (whole characters only)";
    case BELAY_EVENT_TOOL_BEGIN:
    case BELAY_EVENT_TOOL_ARGS:
    case BELAY_EVENT_TOOL_END:
      return check_tool(event);
    case BELAY_EVENT_USAGE:
      return check_usage(event);
    case BELAY_EVENT_PING:
      return nullptr;
    case BELAY_EVENT_STOP:
      if (!open_tools_.empty()) return "it emitted STOP with a tool call that was not ended";
      if (!valid_utf8(view(event.a))) return "it emitted a STOP whose text is no UTF-8";
      state_ = State::ended;
      return nullptr;
    case BELAY_EVENT_MESSAGE_START:
      return "it emitted MESSAGE_START twice";
    case BELAY_EVENT_RAW:
      return "it mixed raw events with others";
    default:
      return "it emitted RESULT within a message";
  }
}

const char* EventCheck::check_tool(const belay_event& event) {
  const auto open = std::find(open_tools_.begin(), open_tools_.end(), event.index);
  if (!valid_utf8(view(event.a)) || !valid_utf8(view(event.b)))
    return "it emitted a tool event whose texts are no UTF-8";
  if (event.type == BELAY_EVENT_TOOL_BEGIN) {
    if (open != open_tools_.end() || contains(closed_tools_, event.index)) return "it began one tool call twice";
    if (open_tools_.size() + closed_tools_.size() == most_tools) return "it began more than 1024 tool calls";
    open_tools_.push_back(event.index);
    return nullptr;
  }
  if (open == open_tools_.end())
    return event.type == BELAY_EVENT_TOOL_ARGS ? "it emitted TOOL_ARGS of a tool call that is not open"
                                               : "it emitted TOOL_END of a tool call that is not open";
  if (event.type == BELAY_EVENT_TOOL_END) {
    open_tools_.erase(open);
    closed_tools_.push_back(event.index);
  }
  return nullptr;
}

const char* EventCheck::check_usage(const belay_event& event) {
  if (event.usage == nullptr || event.usage->size < sizeof(belay_usage))
    return "it emitted USAGE without a belay_usage of ABI 1.0's size";
  static constexpr std::int64_t belay_usage::*counts[] = {&belay_usage::prompt,    &belay_usage::completion,
                                                          &belay_usage::cached,    &belay_usage::cache_write,
                                                          &belay_usage::reasoning, &belay_usage::audio};
  for (const auto count : counts) {
    const std::int64_t now = event.usage->*count;
    if (now < -1) return "it emitted a usage below -1";
    if (now == -1) continue;
    if (now < usage_.*count) return "it emitted a usage that falls (USAGE is cumulative)";
    usage_.*count = now;
  }
  return nullptr;
}

const char* EventCheck::check_error(const belay_event& event) {
  const auto* failure = event.failure;
  if (failure == nullptr || failure->size < sizeof(belay_failure))
    return "it emitted ERROR without a belay_failure of ABI 1.0's size";
  if (!readable(failure->body) || !readable_fields(failure->headers))
    return "it emitted ERROR with a body or headers that can't be read";
  if (!text(failure->code) || !text(failure->type) || !text(failure->message) || !text(failure->parameter))
    return "it emitted ERROR with a text that is no UTF-8";
  state_ = State::ended;
  return nullptr;
}

}  // namespace belay::plugins
