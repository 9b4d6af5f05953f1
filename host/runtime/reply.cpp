#include "reply.hpp"

namespace belay::runtime {
namespace {

constexpr std::size_t pending_limit = 1u << 20;  // opening events without content; a stream that has more is no chat

std::string_view view(belay_str text) { return {text.ptr == nullptr ? "" : text.ptr, static_cast<std::size_t>(text.len)}; }

bool filled(const json::Value& object, std::string_view name) {
  const auto* value = json::find(object, name);
  if (value == nullptr) return false;
  if (value->IsString()) return value->GetStringLength() > 0;
  return (value->IsArray() && !value->Empty()) || (value->IsObject() && !value->ObjectEmpty());
}

/// Text, reasoning or a piece of a tool call; an opening event with only a role is none.
bool has_content(const json::Value& delta) {
  for (const auto* name : {"content", "reasoning_content", "reasoning", "reasoning_details", "tool_calls", "function_call", "refusal", "audio"}) {
    if (filled(delta, name)) return true;
  }
  return false;
}

/// The text of Responses-style replies that some servers send on the Chat Completions path.
std::string output_text(const json::Value& value) {
  if (const auto text = json::string_at(value, "output_text")) return std::string(*text);
  std::string out;
  const auto* output = json::find(value, "output");
  if (output == nullptr || !output->IsArray()) return out;
  for (const auto& item : output->GetArray()) {
    const auto* content = json::find(item, "content");
    if (content == nullptr || !content->IsArray()) continue;
    for (const auto& part : content->GetArray()) out += json::string_at(part, "text").value_or("");
  }
  return out;
}

}  // namespace

Reply::Reply(const Setup& setup, Emit emit) : streamed_(setup.streamed), chat_(setup.chat), usage_chunk_(setup.usage_chunk), emit_(std::move(emit)) {
  completion_.created = setup.asked.created;
  if (setup.wire == wires::Wire::chat || !chat_) return;
  if (setup.own_wire) reader_ = wires::reader_for(setup.wire);
  else writer_ = wires::writer_for(setup.wire, setup.asked, [this](std::string_view data, std::string_view text) { deliver(data, text, content_now_); });
}

bool Reply::on_event(const belay_event& event) {
  if (error_ || over_) return false;
  if (event.type == BELAY_EVENT_RAW) return raw(view(event.a));
  return canonical(event);
}

bool Reply::raw(std::string_view data) {
  if (data == "[DONE]") {
    over_ = true;
    return false;
  }
  if (data.empty()) return false;
  if (chat_ && !reader_) {
    if (!streamed_ && !chunked_ && plain_whole(data)) return true;
    if (streamed_ && committed_ && chunked_) {
      if (const auto content = plain_chunk(data)) return *content;
    }
  }
  auto document = json::parse(data);
  if (!document || !document->IsObject()) {
    no_reply(document ? "the reply is not a JSON object" : "the reply is not JSON: " + document.error().message);
    return false;
  }
  if (reader_) return of_other_wire(*document, data);
  if (const auto* error = json::find(*document, "error"); error != nullptr && !error->IsNull()) {
    told(*error, data);
    return false;
  }
  if (json::string_at(*document, "object").value_or("") == "error") {  // vLLM: the whole object is the error
    told(*document, data);
    return false;
  }
  if (!chat_) {
    body_ = data;
    finished_ = true;
    return true;
  }
  const auto* choice = json::at(*document, "/choices/0");
  const auto object = json::string_at(*document, "object").value_or("");
  if ((choice != nullptr && json::find(*choice, "delta") != nullptr) || object == "chat.completion.chunk") return chunk(*document, data);
  if (chunked_) return chunk(*document, data);  // a later event of another shape: usage alone, a ping
  return whole(*document, data);
}

/// A raw event or body of the caller's own wire, where that isn't chat.
bool Reply::of_other_wire(const json::Value& event, std::string_view data) {
  using Kind = wires::Seen::Kind;
  const wires::Seen seen = reader_->read(event);
  completion_.text += seen.text;
  switch (seen.kind) {
    case Kind::error: {
      const auto error = json::parse(seen.error);
      told(*json::find(*error, "error"), seen.error);
      return false;
    }
    case Kind::nonsense: no_reply("the reply is none of the wire that was asked for"); return false;
    case Kind::answer:
      if (streamed_) {
        no_reply("the reply is one body, though a stream was asked for");
        return false;
      }
      body_ = data;
      finished_ = any_choice_ = true;
      return true;
    default: break;
  }
  chunked_ = any_choice_ = true;
  if (!streamed_) {
    no_reply("the reply is a stream, though one body was asked for");
    return false;
  }
  finished_ = finished_ || seen.finished;
  const bool content = deliver(data, seen.text, seen.kind == Kind::content);
  if (seen.over && !error_) {
    if (!committed_) commit();   // an answer without content is one all the same
    over_ = true;
  }
  return content;
}

bool Reply::chunk(const json::Value& chunk, std::string_view data) {
  chunked_ = true;
  const std::size_t before = completion_.text.size();
  completion_.add_chunk(chunk);
  bool content = false;
  if (const auto* choices = json::find(chunk, "choices"); choices != nullptr && choices->IsArray()) {
    for (const auto& choice : choices->GetArray()) {
      any_choice_ = true;
      if (const auto* delta = json::find(choice, "delta"); delta != nullptr) content = content || has_content(*delta);
      if (!json::string_at(choice, "finish_reason").value_or("").empty()) finished_ = true;
    }
  }
  return deliver(data, std::string_view(completion_.text).substr(before), content);
}

/// One whole reply object, where a plain body or a server that does not stream brings it.
bool Reply::whole(const json::Value& value, std::string_view data) {
  const auto* choices = json::find(value, "choices");
  const auto* choice = choices != nullptr && choices->IsArray() && !choices->Empty() ? &(*choices)[0] : nullptr;
  const auto* message = choice != nullptr ? json::find(*choice, "message") : nullptr;
  const bool old_text = choice != nullptr && json::string_at(*choice, "text").has_value();
  if (const auto* usage = json::find(value, "usage"); usage != nullptr && usage->IsObject()) completion_.usage = usage_of(*usage);
  completion_.id = json::string_at(value, "id").value_or("");
  completion_.model = json::string_at(value, "model").value_or("");
  completion_.created = json::int_at(value, "created").value_or(completion_.created);
  if (message != nullptr && message->IsObject()) {
    completion_.text = json::string_at(*message, "content").value_or("");
    finished_ = any_choice_ = true;
    body_ = data;
    if (!streamed_) return true;
    completion_.finish = json::string_at(*choice, "finish_reason").value_or("stop");
    // The message is a delta that brings everything at once, but for the index that streamed tool calls carry.
    json::Document delta;
    delta.CopyFrom(*message, delta.GetAllocator());
    if (const auto calls = delta.FindMember("tool_calls"); calls != delta.MemberEnd() && calls->value.IsArray()) {
      unsigned index = 0;
      for (auto& call : calls->value.GetArray()) {
        if (call.IsObject() && !call.HasMember("index")) call.AddMember("index", index, delta.GetAllocator());
        ++index;
      }
    }
    const std::string head = "{\"id\":" + json::quoted(completion_.id) + ",\"object\":\"chat.completion.chunk\",\"created\":" + std::to_string(completion_.created) +
                             ",\"model\":" + json::quoted(completion_.model) + ",\"choices\":[{\"index\":0,\"delta\":";
    deliver(head + json::text(delta) + ",\"finish_reason\":null}]}", completion_.text, true);
    deliver(head + "{},\"finish_reason\":" + json::quoted(completion_.finish) + "}]}", "", true);
    return true;
  }
  std::string text = old_text ? std::string(*json::string_at(*choice, "text")) : output_text(value);
  if (text.empty()) return false;  // of a stream: a ping, a report of filters; of a body: end() says that it is no reply
  completion_.text.clear();
  completion_.finish = "stop";
  finished_ = any_choice_ = true;
  belay_event event{};
  event.size = sizeof event;
  event.type = BELAY_EVENT_TEXT;
  event.a = {text.data(), text.size()};
  deliver(completion_.chunk_of(event), text, true);
  event.type = BELAY_EVENT_STOP;
  event.num = BELAY_STOPPED_END;
  deliver(completion_.chunk_of(event), "", true);
  body_ = completion_.body();
  return true;
}

bool Reply::canonical(const belay_event& event) {
  switch (event.type) {
    case BELAY_EVENT_RESULT:
      body_ = view(event.a);
      finished_ = true;
      return true;
    case BELAY_EVENT_ERROR: {
      // A finish reason makes the answer whole, whatever becomes of the connection.
      if (chunked_ && finished_ && event.failure != nullptr && event.failure->kind == BELAY_FAILURE_CUT) return false;
      Error error;
      if (event.failure != nullptr) {
        const auto& failure = *event.failure;
        error.told = failure.kind == BELAY_FAILURE_IN_REPLY;
        error.text = {std::string(view(failure.code)), std::string(view(failure.type)), std::string(view(failure.message)), std::string(view(failure.parameter))};
        if (failure.body.ptr != nullptr) error.body.assign(reinterpret_cast<const char*>(failure.body.ptr), failure.body.len);
        if (error.told && error.text.empty()) error.text = fallback::error_text(error.body);
        error.why = error.text.message;
      }
      if (error.why.empty()) error.why = "the reply ended too early";
      error_ = std::move(error);
      return false;
    }
    default: break;
  }
  if (event.type == BELAY_EVENT_STOP) finished_ = any_choice_ = true;
  const bool content = event.type == BELAY_EVENT_TEXT || event.type == BELAY_EVENT_REASONING || event.type == BELAY_EVENT_REFUSAL ||
                       event.type == BELAY_EVENT_TOOL_BEGIN || event.type == BELAY_EVENT_TOOL_ARGS;
  if (writer_) {
    chunked_ = true;
    content_now_ = content;
    writer_->on_event(event);
    return content;
  }
  const std::string data = completion_.chunk_of(event);
  if (data.empty()) return false;
  chunked_ = true;
  deliver(data, event.type == BELAY_EVENT_TEXT ? view(event.a) : std::string_view(), content);
  if (event.type == BELAY_EVENT_STOP && usage_chunk_) {
    if (const std::string usage = completion_.usage_chunk(); !usage.empty()) deliver(usage, "", false);
  }
  return content;
}

bool Reply::deliver(std::string_view data, std::string_view text, bool content) {
  if (!streamed_) {
    committed_ = false;
    return content;
  }
  if (content) commit();
  if (committed_) {
    emit_(data, text);
    return content;
  }
  pending_bytes_ += data.size();
  if (pending_bytes_ > pending_limit) {
    no_reply("the stream brought more than 1 MiB of events without content");
    return false;
  }
  pending_.emplace_back(data, text);
  return content;
}

void Reply::commit() {
  if (committed_ || !streamed_) return;
  committed_ = true;
  for (const auto& [data, text] : pending_) emit_(data, text);
  pending_.clear();
}

void Reply::told(const json::Value& error, std::string_view data) {
  Error out;
  out.told = true;
  out.body = data;
  out.text = fallback::error_text(data);
  if (out.text.empty()) out.text.message = json::text(error);
  error_ = std::move(out);
}

void Reply::no_reply(std::string why) { error_ = Error{.told = false, .text = {}, .body = {}, .why = std::move(why)}; }

void Reply::end(bool whole) {
  if (error_) return;
  if (!chat_) {
    if (!finished_) no_reply("the reply is empty");
    return;
  }
  if (chunked_ && !finished_ && !(over_ && any_choice_)) {
    no_reply(any_choice_ ? "the stream ended without a finish reason and without its end mark" : "the stream has no choices and no text");
    return;
  }
  if (!chunked_ && !finished_) {
    no_reply(whole ? "the reply has no choices and no text" : "the reply ended too early");
    return;
  }
  if (streamed_) {
    commit();  // an answer without content is one all the same
  } else if (chunked_) {
    body_ = writer_ ? writer_->body() : completion_.body();
  }
}

}  // namespace belay::runtime
