// Events as the checks compare them: as text, merged, and against the grammar of belay/event.h.
#include <algorithm>
#include <set>

#include "base/utf8.hpp"
#include "drive/play.hpp"
#include "drive/reasons.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t shown_bytes = 60;

std::string shown(std::string_view text) {
  std::string out = "\"" + printable(text.substr(0, shown_bytes)) + "\"";
  if (text.size() > shown_bytes) out += "... (" + std::to_string(text.size()) + " bytes)";
  return out;
}

std::string_view name_of(std::uint32_t type) {
  static constexpr std::string_view names[] = {"",         "MESSAGE_START", "TEXT",     "REASONING", "REFUSAL", "TOOL_BEGIN", "TOOL_ARGS",
                                               "TOOL_END", "USAGE",         "STOP",     "ERROR",     "PING",    "RAW",        "RESULT"};
  return type >= 1 && type < std::size(names) ? names[type] : std::string_view("event of an unknown type");
}

bool is_delta(std::uint32_t type) {
  return type == BELAY_EVENT_TEXT || type == BELAY_EVENT_REASONING || type == BELAY_EVENT_REFUSAL || type == BELAY_EVENT_TOOL_ARGS;
}
bool is_tool(std::uint32_t type) { return type == BELAY_EVENT_TOOL_BEGIN || type == BELAY_EVENT_TOOL_ARGS || type == BELAY_EVENT_TOOL_END; }

/// Reads events one by one by the grammar.
class Grammar {
 public:
  explicit Grammar(const Played& played) : played_(played) {}

  std::optional<std::string> breach() {
    for (std::size_t i = 0; i < played_.events.size(); ++i) {
      if (const char* why = next(played_.events[i])) return "event " + std::to_string(i) + ", " + to_string(played_.events[i]) + ": " + why;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool ended() const { return ended_ || raw_; }

 private:
  const char* next(const SeenEvent& event) {
    if (event.type < BELAY_EVENT_MESSAGE_START || event.type > BELAY_EVENT_RESULT) return nullptr;  // of a later minor
    if (ended_) return "it comes after the event that ends the reply";
    if (event.type == BELAY_EVENT_ERROR) {
      ended_ = true;
      return event.failure ? nullptr : "an ERROR has to tell its failure";
    }
    if (raw_ && event.type != BELAY_EVENT_RAW) return "RAW events stand alone, with an ERROR at the end at most";
    if (started_) return in_message(event);
    switch (event.type) {
      case BELAY_EVENT_RAW:
        raw_ = true;
        return played_.wire.empty() ? "RAW is for a request in a wire that the descriptor lists" : nullptr;
      case BELAY_EVENT_RESULT:
        ended_ = true;
        return played_.operation == "chat" ? "a chat has no RESULT" : nullptr;
      case BELAY_EVENT_MESSAGE_START:
        started_ = true;
        return nullptr;
      default:
        return "nothing but ERROR comes before MESSAGE_START";
    }
  }

  const char* in_message(const SeenEvent& event) {
    switch (event.type) {
      case BELAY_EVENT_MESSAGE_START: return "there is one MESSAGE_START";
      case BELAY_EVENT_RAW: return "RAW events stand alone";
      case BELAY_EVENT_RESULT: return "RESULT stands alone";
      case BELAY_EVENT_USAGE: return event.usage ? nullptr : "a USAGE has to carry one";
      case BELAY_EVENT_STOP:
        ended_ = true;
        return open_.empty() ? nullptr : "STOP comes while a tool call is open";
      default: return is_tool(event.type) ? tool(event) : nullptr;
    }
  }

  const char* tool(const SeenEvent& event) {
    const bool open = open_.count(event.index) != 0;
    if (event.type == BELAY_EVENT_TOOL_BEGIN) {
      if (!begun_.insert(event.index).second) return "a tool call begins once";
      open_.insert(event.index);
      return nullptr;
    }
    if (!open) return "this tool call is not open";
    if (event.type == BELAY_EVENT_TOOL_END) open_.erase(event.index);
    return nullptr;
  }

  const Played& played_;
  bool started_ = false, raw_ = false, ended_ = false;
  std::set<std::uint32_t> open_, begun_;
};

bool same_usage(const std::optional<belay_usage>& a, const std::optional<belay_usage>& b) {
  if (a.has_value() != b.has_value()) return false;
  return !a || (a->prompt == b->prompt && a->completion == b->completion && a->cached == b->cached && a->cache_write == b->cache_write &&
                a->reasoning == b->reasoning && a->audio == b->audio);
}

}  // namespace

bool SeenEvent::operator==(const SeenEvent& other) const {
  return type == other.type && flags == other.flags && index == other.index && a == other.a && b == other.b && num == other.num &&
         same_usage(usage, other.usage) && failure == other.failure;
}

std::string to_string(const SeenEvent& event) {
  std::string out(name_of(event.type));
  if (is_tool(event.type)) out += " " + std::to_string(event.index);
  if (event.type == BELAY_EVENT_STOP) out += " " + std::string(stop_name(event.num));
  if (!event.a.empty() || event.type == BELAY_EVENT_TEXT) out += " " + shown(event.a);
  if (!event.b.empty()) out += " " + shown(event.b);
  if (event.usage) {
    out += " prompt " + std::to_string(event.usage->prompt) + " completion " + std::to_string(event.usage->completion);
    if (event.usage->cached >= 0) out += " cached " + std::to_string(event.usage->cached);
    if (event.usage->reasoning >= 0) out += " reasoning " + std::to_string(event.usage->reasoning);
  }
  if (event.failure) out += " kind " + std::to_string(event.failure->kind) + " " + shown(event.failure->message.empty() ? event.failure->body : event.failure->message);
  return out;
}

std::vector<SeenEvent> merged(const std::vector<SeenEvent>& events) {
  std::vector<SeenEvent> out;
  for (const auto& event : events) {
    if (event.type == BELAY_EVENT_PING) continue;
    if (is_delta(event.type)) {
      if (event.a.empty()) continue;
      if (!out.empty() && out.back().type == event.type && out.back().index == event.index) {
        out.back().a += event.a;
        continue;
      }
    }
    out.push_back(event);
  }
  return out;
}

std::optional<std::string> grammar_breach(const Played& played, bool) {
  Grammar grammar(played);
  if (auto why = grammar.breach()) return why;
  if (played.after_terminal != 0) return "it emitted after the event that ends the reply";
  const bool over = played.own_transport ? played.run == BELAY_OK : played.finished && played.finish == BELAY_OK && !played.chunks.empty();
  if (over && played.after_stop == 0 && !grammar.ended()) return "the reply is over, and no STOP, ERROR, RESULT or RAW came";
  return std::nullopt;
}

}  // namespace belay::conform
