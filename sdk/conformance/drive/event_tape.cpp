// Events as they come: the grammar of belay/event.h in a reading of its own, and the transcript. Nothing here counts as the plugin's allocation.
#include <algorithm>

#include "base/utf8.hpp"
#include "drive/allocations.hpp"
#include "drive/bare.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t most_tools = 1024;   // a host takes no more of one message
constexpr std::size_t most_shown = 400;    // bytes of one event in a transcript; the rest as a sum

bool readable(belay_str text) { return text.len == 0 || text.ptr != nullptr; }
bool utf8(belay_str text) { return readable(text) && valid_utf8(told(text)); }
bool has(const std::vector<std::uint32_t>& list, std::uint32_t value) { return std::find(list.begin(), list.end(), value) != list.end(); }

const char* name_of(std::uint32_t type) {
  static constexpr const char* names[] = {"?",         "MESSAGE_START", "TEXT", "REASONING", "REFUSAL", "TOOL_BEGIN", "TOOL_ARGS",
                                          "TOOL_END", "USAGE",         "STOP", "ERROR",     "PING",    "RAW",        "RESULT"};
  return type < std::size(names) ? names[type] : names[0];
}

void append(std::string& to, std::string_view bytes) {
  to += printable(bytes.substr(0, most_shown));
  if (bytes.size() <= most_shown) return;
  std::uint64_t sum = 1469598103934665603u;   // FNV-1a
  for (const char byte : bytes) sum = (sum ^ static_cast<unsigned char>(byte)) * 1099511628211u;
  to += "... " + std::to_string(bytes.size()) + " bytes, " + std::to_string(sum);
}

bool is_delta(std::uint32_t type) {
  return type == BELAY_EVENT_TEXT || type == BELAY_EVENT_REASONING || type == BELAY_EVENT_REFUSAL || type == BELAY_EVENT_TOOL_ARGS;
}

const char* broken_error_rule(const belay_failure* failure) {
  if (failure == nullptr || failure->size < sizeof(belay_failure)) return "ERROR without a belay_failure of ABI 1.0's size";
  if (failure->body.len != 0 && failure->body.ptr == nullptr) return "ERROR with a body that cannot be read";
  if (!utf8(failure->code) || !utf8(failure->type) || !utf8(failure->message) || !utf8(failure->parameter)) return "ERROR with a text that is no UTF-8";
  return nullptr;
}

const char* broken_usage_rule(const belay_usage* usage, belay_usage& so_far) {
  if (usage == nullptr || usage->size < sizeof(belay_usage)) return "USAGE without a belay_usage of ABI 1.0's size";
  static constexpr std::int64_t belay_usage::*counts[] = {&belay_usage::prompt,      &belay_usage::completion, &belay_usage::cached,
                                                          &belay_usage::cache_write, &belay_usage::reasoning,  &belay_usage::audio};
  for (const auto count : counts) {
    if (usage->*count < -1) return "a usage below -1";
    if (usage->*count != -1 && usage->*count < so_far.*count) return "a usage that falls (USAGE is cumulative)";
    so_far.*count = std::max(so_far.*count, usage->*count);
  }
  return nullptr;
}

}  // namespace

EventTape::EventTape(Keep keep, bool raw_wire, bool message) : sink_{sizeof(belay_sink), 0, this, emit}, keep_(keep), raw_wire_(raw_wire), message_(message) {}

belay_status EventTape::emit(void* host, const belay_event* event) {
  const HostCode not_the_plugins;
  auto& self = *static_cast<EventTape*>(host);
  if (event == nullptr || event->size < sizeof(belay_event)) {
    if (self.breach.empty()) self.breach = "an event that is shorter than ABI 1.0 says";
    return BELAY_STOP;
  }
  return self.take(*event);
}

belay_status EventTape::take(const belay_event& event) {
  const bool told_to_stop = events > stop_at;
  ++events;
  if (told_to_stop) ++after_stop;
  if (const char* rule = broken_rule(event); rule != nullptr && breach.empty()) breach = rule;
  bytes += event.a.len + event.b.len;
  if (keep_ == Keep::transcript) write(event);
  return events > stop_at ? BELAY_STOP : BELAY_OK;
}

const char* EventTape::broken_rule(const belay_event& event) {
  if (terminal) return "an event after the one that ends the reply";
  if (!readable(event.a) || !readable(event.b)) return "an event whose texts cannot be read";
  if (event.type == BELAY_EVENT_ERROR) {
    terminal = true;
    return broken_error_rule(event.failure);
  }
  if (event.type == BELAY_EVENT_RAW) {
    if (!raw_wire_) return "RAW for a request that is not in the plugin's wire";
    if (started_) return "RAW among other events";
    raw = true;
    return nullptr;
  }
  if (event.type < BELAY_EVENT_MESSAGE_START || event.type > BELAY_EVENT_RESULT) return nullptr;   // of a later ABI
  if (raw) return "RAW among other events";
  if (event.type == BELAY_EVENT_RESULT) {
    terminal = true;
    return message_ ? "RESULT for a chat" : !utf8(event.a) ? "RESULT that is no UTF-8" : nullptr;
  }
  if (event.type == BELAY_EVENT_MESSAGE_START) {
    if (started_) return "MESSAGE_START twice";
    started_ = true;
  } else if (!started_) {
    return "an event before MESSAGE_START";
  }
  if (!utf8(event.a) || !utf8(event.b)) return "a text that is no UTF-8 (whole characters only)";
  if (event.type == BELAY_EVENT_USAGE) return broken_usage_rule(event.usage, usage_);
  if (event.type == BELAY_EVENT_STOP) {
    terminal = true;
    return open_tools_.empty() ? nullptr : "STOP with a tool call that was not ended";
  }
  return broken_tool_rule(event);
}

const char* EventTape::broken_tool_rule(const belay_event& event) {
  const auto open = std::find(open_tools_.begin(), open_tools_.end(), event.index);
  if (event.type == BELAY_EVENT_TOOL_BEGIN) {
    if (open != open_tools_.end() || has(closed_tools_, event.index)) return "one tool call begun twice";
    if (open_tools_.size() + closed_tools_.size() == most_tools) return "more than 1024 tool calls";
    open_tools_.push_back(event.index);
  } else if (event.type == BELAY_EVENT_TOOL_ARGS) {
    if (open == open_tools_.end()) return "TOOL_ARGS of a tool call that is not open";
  } else if (event.type == BELAY_EVENT_TOOL_END) {
    if (open == open_tools_.end()) return "TOOL_END of a tool call that is not open";
    closed_tools_.push_back(event.index);
    open_tools_.erase(open);
  }
  return nullptr;
}

void EventTape::write(const belay_event& event) {
  if (event.type == BELAY_EVENT_PING) return;   // how many there are depends on how the body is cut
  const bool goes_on = is_delta(event.type) && event.type == last_type_ && event.index == last_index_;
  if (!goes_on) {
    transcript += transcript.empty() ? "" : "\n";
    transcript += name_of(event.type);
    if (event.type >= BELAY_EVENT_TOOL_BEGIN && event.type <= BELAY_EVENT_TOOL_END) transcript += " " + std::to_string(event.index);
    transcript += ' ';
  }
  last_type_ = event.type;
  last_index_ = event.index;
  append(transcript, told(event.a));
  if (event.b.len != 0) append(transcript += " | ", told(event.b));
  if (event.num != 0) transcript += " #" + std::to_string(event.num);
  if (event.type == BELAY_EVENT_USAGE && event.usage != nullptr) {
    const belay_usage& u = *event.usage;
    for (const std::int64_t count : {u.prompt, u.completion, u.cached, u.cache_write, u.reasoning, u.audio}) transcript += std::to_string(count) + " ";
  }
  if (event.type == BELAY_EVENT_ERROR && event.failure != nullptr) {
    const belay_failure& f = *event.failure;
    transcript += "kind " + std::to_string(f.kind) + " status " + std::to_string(f.status);
    for (const belay_str text : {f.code, f.type, f.message, f.parameter}) append(transcript += " | ", told(text));
    append(transcript += " | ", {reinterpret_cast<const char*>(f.body.ptr), f.body.len});
  }
}

}  // namespace belay::conform
