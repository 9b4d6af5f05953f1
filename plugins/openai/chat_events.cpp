#include "chat_events.hpp"

#include <algorithm>

#include "belay/cpp/error_body.hpp"

namespace belay::openai {
namespace {

using Value = sdk::Json::Value;

/// Of a list of parts: [{"type": "text", "text": "..."}, {"type": "thinking", "thinking": [{"type": "text", "text":
/// "..."}]}].
template <class Each>
void each_part(const Value& list, Each each) {
  for (std::int64_t i = 0; list.type() == BELAY_JSON_ARRAY && i < list.integer(); ++i)
    each(list.element(static_cast<std::uint64_t>(i)), i);
}

std::int64_t stopped_by(std::string_view word) {
  if (word == "stop" || word.empty()) return BELAY_STOPPED_END;
  if (word == "length" || word == "max_tokens") return BELAY_STOPPED_LENGTH;
  if (word == "tool_calls" || word == "function_call") return BELAY_STOPPED_TOOLS;
  if (word == "content_filter") return BELAY_STOPPED_FILTER;
  return BELAY_STOPPED_OTHER;
}

std::int64_t count(const Value& usage, std::initializer_list<const char*> places) {
  for (const char* place : places) {
    if (const auto value = usage[place]; value.type() == BELAY_JSON_NUMBER) return value.integer();
  }
  return -1;
}

}  // namespace

sdk::Status ChatEvents::chunk(std::string_view piece, sdk::Sink& sink) {
  if (over_) return {};
  const auto status =
      reply_.chunk(piece, [&](const sse::Event& event) { return on_event(event.name, event.data, sink); });
  over_ = over_ || sink.stopped();
  return status;
}

sdk::Status ChatEvents::finish(sdk::Finish how, sdk::Sink& sink) {
  if (over_ || how == sdk::Finish::failed) return {};
  if (how == sdk::Finish::complete) {
    if (reply_.is_body()) {
      on_event({}, reply_.body(), sink);
    } else {
      const auto status =
          reply_.finish([&](const sse::Event& event) { return on_event(event.name, event.data, sink); });
      if (!status.ok()) return status;
    }
    if (over_) return {};
  }
  if (any_choice_ && whole_) {
    stop(sink);  // a finish reason makes the answer whole, whatever became of the connection
  } else {
    no_reply(how == sdk::Finish::complete && !any_choice_ ? BELAY_FAILURE_INVALID : BELAY_FAILURE_CUT, reply_.body(),
             sink);
  }
  return {};
}

/// One event of a stream, or a whole body. False: no more of it is wanted.
bool ChatEvents::on_event(std::string_view name, std::string_view data, sdk::Sink& sink) {
  if (data == "[DONE]") {
    whole_ = true;
    if (any_choice_) {
      stop(sink);
    } else {
      no_reply(BELAY_FAILURE_INVALID, {}, sink);
    }
    return false;
  }
  const sdk::Json json(data);
  if (name == "error" || sdk::tells_error(json)) return told(data, sink);
  if (json[""].type() != BELAY_JSON_OBJECT) {
    no_reply(BELAY_FAILURE_INVALID, data, sink);
    return false;
  }
  on_reply(json, sink);
  return !sink.stopped();
}

void ChatEvents::on_reply(const sdk::Json& json, sdk::Sink& sink) {
  const auto choices = json["/choices"];
  if (!started_ && (choices.type() == BELAY_JSON_ARRAY || json["/output_text"])) {
    started_ = true;
    sink.message_start(json["/id"].text(), json["/model"].text());
  }
  each_part(choices, [&](const Value& choice, std::int64_t position) {
    // A caller of another wire gets one answer: the first.
    const auto index = choice["/index"];
    if (index ? index.integer() == 0 : position == 0) on_choice(choice, sink);
  });
  if (const auto text = json["/output_text"]; text.type() == BELAY_JSON_STRING && choices.integer() == 0) {
    any_choice_ = whole_ = true;
    sink.text(text.text());
  }
  for (const char* place :
       {"/usage", "/x_groq/usage", "/choices/0/usage"}) {  // Groq's and Moonshot's streams have it elsewhere
    if (const auto usage = json[place]; usage.type() == BELAY_JSON_OBJECT) return on_usage(usage, sink);
  }
}

void ChatEvents::on_choice(Value choice, sdk::Sink& sink) {
  any_choice_ = true;
  const auto delta = choice["/delta"].type() == BELAY_JSON_OBJECT ? choice["/delta"] : choice["/message"];
  on_reasoning(delta, sink);
  on_content(delta["/content"], sink);
  if (const auto old = choice["/text"]; old.type() == BELAY_JSON_STRING && !old.text().empty()) sink.text(old.text());
  if (const auto refusal = delta["/refusal"]; !refusal.text().empty()) sink.refusal(refusal.text());
  each_part(delta["/tool_calls"], [&](const Value& call, std::int64_t) { on_tool_call(call, sink); });
  if (const auto reason = choice["/finish_reason"]; !reason.text().empty()) {
    whole_ = true;
    finish_reason_ = reason.text();
  }
}

void ChatEvents::on_content(Value content, sdk::Sink& sink) {
  if (!content.text().empty()) sink.text(content.text());
  each_part(content, [&](const Value& part, std::int64_t) {
    if (const auto text = part["/text"]; !text.text().empty()) sink.text(text.text());
    each_part(part["/thinking"], [&](const Value& thought, std::int64_t) {
      if (!thought["/text"].text().empty()) sink.reasoning(thought["/text"].text());
    });
  });
}

/// The first of the fields that servers use; some send the same text in two.
void ChatEvents::on_reasoning(Value delta, sdk::Sink& sink) {
  for (const char* place : {"/reasoning_content", "/reasoning"}) {
    if (const auto text = delta[place]; text.type() == BELAY_JSON_STRING && !text.text().empty()) {
      sink.reasoning(text.text());
      return;
    }
  }
  each_part(delta["/reasoning_details"], [&](const Value& detail, std::int64_t) {
    for (const char* place : {"/text", "/summary"}) {
      if (const auto text = detail[place]; !text.text().empty()) sink.reasoning(text.text());
    }
  });
}

void ChatEvents::on_tool_call(Value call, sdk::Sink& sink) {
  const std::size_t tool = tool_of(call);
  const auto ours = static_cast<std::uint32_t>(tool);
  if (tool == tools_.size()) {
    const auto index = call["/index"];
    tools_.push_back({index ? index.integer() : static_cast<std::int64_t>(tool), std::string(call["/id"].text())});
    sink.tool_begin(ours, call["/id"].text(), call["/function/name"].text());
  }
  if (const auto args = call["/function/arguments"]; !args.text().empty()) sink.tool_args(ours, args.text());
}

/// Which call a piece belongs to, the latest one that it may; the count of calls: a new one.
std::size_t ChatEvents::tool_of(Value call) const {
  for (std::size_t i = tools_.size(); i-- > 0;) {
    if (continues(tools_[i], call)) return i;
  }
  return tools_.size();
}

/// The id decides, since some servers give every call index 0 or none. A piece without either goes on with a call,
/// unless it names a tool.
bool ChatEvents::continues(const Tool& tool, Value call) {
  const auto id = call["/id"].text();
  if (!id.empty() && !tool.id.empty()) return tool.id == id;
  if (const auto index = call["/index"]) return tool.index == index.integer();
  return call["/function/name"].text().empty();
}

void ChatEvents::on_usage(Value usage, sdk::Sink& sink) {
  // Of the whole reply so far: a count that upstream tells lower later, or below nothing, is none.
  const auto told = [&](std::int64_t& most, std::initializer_list<const char*> places) { most = std::max(most, count(usage, places)); };
  told(usage_.prompt, {"/prompt_tokens", "/input_tokens"});
  told(usage_.completion, {"/completion_tokens", "/output_tokens"});
  told(usage_.cached, {"/prompt_tokens_details/cached_tokens", "/prompt_cache_hit_tokens", "/cached_tokens", "/cache_read_input_tokens"});
  told(usage_.cache_write, {"/prompt_tokens_details/cache_write_tokens", "/cache_creation_input_tokens"});
  told(usage_.reasoning, {"/completion_tokens_details/reasoning_tokens", "/reasoning_tokens"});
  told(usage_.audio, {"/completion_tokens_details/audio_tokens"});
  if (!started_) {
    started_ = true;
    sink.message_start({}, {});
  }
  sink.usage(usage_);
}

bool ChatEvents::told(std::string_view data, sdk::Sink& sink) {
  over_ = true;
  sdk::error_in_reply(sink, reply_.status(), data);
  return false;
}

void ChatEvents::no_reply(std::uint32_t kind, std::string_view body, sdk::Sink& sink) {
  over_ = true;
  sink.error(kind, reply_.status(), body);
}

void ChatEvents::stop(sdk::Sink& sink) {
  over_ = true;
  for (std::uint32_t index = 0; index < tools_.size(); ++index) sink.tool_end(index);
  sink.stop(stopped_by(finish_reason_), finish_reason_);
}

}  // namespace belay::openai
