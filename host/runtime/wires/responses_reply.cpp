#include "responses_reply.hpp"

#include <algorithm>

namespace belay::runtime::wires {
namespace {

std::string_view view(belay_str text) { return {text.ptr == nullptr ? "" : text.ptr, static_cast<std::size_t>(text.len)}; }

/// A function as responses show it: `parameters` and `strict` are always there.
std::string shown_tool(const json::Value& tool) {
  if (json::string_at(tool, "type").value_or("") != "function") return json::text(tool);
  std::string out = json::text(tool);
  out.pop_back();
  if (!tool.HasMember("parameters")) out += R"(,"parameters":null)";
  if (!tool.HasMember("strict")) out += R"(,"strict":false)";
  return out + "}";
}

/// What the caller asked, as far as a response repeats it, with the values that hold where it said nothing.
class Echo {
 public:
  explicit Echo(std::string_view body) {
    auto request = json::parse(body);
    static const json::Document nothing;
    const json::Value& asked = request ? static_cast<const json::Value&>(*request) : nothing;
    const auto or_else = [&](std::string_view name, std::string_view otherwise) {
      const json::Value* value = json::find(asked, name);
      add(name, value == nullptr || value->IsNull() ? std::string(otherwise) : json::text(*value));
    };
    or_else("instructions", "null");
    or_else("metadata", "{}");
    or_else("parallel_tool_calls", "true");
    or_else("temperature", "null");
    or_else("top_p", "null");
    or_else("tool_choice", "\"auto\"");
    add("tools", tools(json::find(asked, "tools")));
    or_else("max_output_tokens", "null");
    or_else("reasoning", R"({"effort":null,"summary":null})");
    or_else("text", R"({"format":{"type":"text"}})");
    for (const auto* name : {"user", "safety_identifier", "prompt_cache_key"}) {
      if (const json::Value* value = json::find(asked, name); value != nullptr && value->IsString()) add(name, json::text(*value));
    }
    // Nothing is kept, nothing is cut, nothing runs behind the answer.
    out += R"(,"truncation":"disabled","store":false,"background":false,"previous_response_id":null)";
    const json::Value* reasoning = json::find(asked, "reasoning");
    for (const auto* name : {"summary", "generate_summary"}) {
      if (reasoning != nullptr && json::string_at(*reasoning, name)) summaries = true;
    }
  }
  std::string out;
  bool summaries = false;

 private:
  void add(std::string_view name, const std::string& value) { out += ",\"" + std::string(name) + "\":" + value; }

  static std::string tools(const json::Value* tools) {
    std::string list;
    if (tools != nullptr && tools->IsArray()) {
      for (const auto& tool : tools->GetArray()) list += (list.empty() ? "" : ",") + shown_tool(tool);
    }
    return "[" + list + "]";
  }
};

}  // namespace

ResponsesReply::ResponsesReply(const Asked& asked, Emit emit) : emit_(std::move(emit)), id_(asked.id), created_(asked.created), model_(asked.model) {
  Echo echo(asked.body);
  echo_ = std::move(echo.out);
  summaries_ = echo.summaries;
}

void ResponsesReply::on_event(const belay_event& event) {
  switch (event.type) {
    case BELAY_EVENT_MESSAGE_START:
      if (!view(event.b).empty()) model_ = view(event.b);
      tell_response("response.created", "in_progress");
      return tell_response("response.in_progress", "in_progress");
    case BELAY_EVENT_USAGE:
      if (event.usage != nullptr) usage_ = {event.usage->prompt, event.usage->completion, event.usage->cached, event.usage->cache_write, event.usage->reasoning, event.usage->audio};
      return;
    case BELAY_EVENT_STOP: return stop(event.num);
    default: blocks_.on_event(event);
  }
}

void ResponsesReply::stop(std::int64_t why) {
  if (why == BELAY_STOPPED_LENGTH) incomplete_ = "max_output_tokens";
  if (why == BELAY_STOPPED_FILTER) incomplete_ = "content_filter";
  status_ = incomplete_.empty() ? "completed" : "incomplete";
  blocks_.finish();
  tell_response(incomplete_.empty() ? "response.completed" : "response.incomplete", status_);
}

// ------------------------------------------------------------------------------------------------------------------------- blocks

const ResponsesReply::Part& ResponsesReply::part_of(Block::Kind kind) const {
  static constexpr Part text{"response.content_part.added", "response.output_text.delta", "response.output_text.done", "response.content_part.done",
                             "content_index", "output_text", "text"};
  static constexpr Part refusal{"response.content_part.added", "response.refusal.delta", "response.refusal.done", "response.content_part.done",
                                "content_index", "refusal", "refusal"};
  static constexpr Part thought{"response.content_part.added", "response.reasoning_text.delta", "response.reasoning_text.done", "response.content_part.done",
                                "content_index", "reasoning_text", "text"};
  static constexpr Part summary{"response.reasoning_summary_part.added", "response.reasoning_summary_text.delta", "response.reasoning_summary_text.done",
                                "response.reasoning_summary_part.done", "summary_index", "summary_text", "text"};
  switch (kind) {
    case Block::Kind::refusal: return refusal;
    case Block::Kind::reasoning: return summaries_ ? summary : thought;
    default: return text;
  }
}

void ResponsesReply::begin(Object& to, std::string_view type, const Block& block, std::size_t at) const {
  to.text("type", type).text("item_id", item_id(block, at)).number("output_index", static_cast<std::int64_t>(at));
}

void ResponsesReply::on_open(const Block& block, std::size_t at) {
  Block opening{block.kind, block.id, block.name, {}, false};
  tell_item("response.output_item.added", opening, at, "in_progress");
  if (block.kind == Block::Kind::tool) return;
  const Part& how = part_of(block.kind);
  Object event;
  begin(event, how.opened, block, at);
  event.number(how.place, 0).json("part", part(block, ""));
  tell(event);
}

void ResponsesReply::on_piece(const Block& block, std::size_t at, std::string_view piece) {
  const bool tool = block.kind == Block::Kind::tool;
  const Part& how = part_of(block.kind);
  Object event;
  begin(event, tool ? "response.function_call_arguments.delta" : how.delta, block, at);
  if (!tool) event.number(how.place, 0);
  event.text("delta", piece);
  if (block.kind == Block::Kind::text) {
    event.json("logprobs", "[]");
    text_ += piece;
  }
  tell(event, block.kind == Block::Kind::text ? piece : std::string_view());
}

void ResponsesReply::on_close(const Block& block, std::size_t at) {
  const bool last = at + 1 == blocks_.all().size();
  if (block.kind == Block::Kind::tool) {
    if (block.text.empty()) on_piece(block, at, "{}");
    Object event;
    begin(event, "response.function_call_arguments.done", block, at);
    event.text("name", block.name).text("arguments", block.text.empty() ? "{}" : block.text);
    tell(event);
  } else {
    const Part& how = part_of(block.kind);
    Object whole;
    begin(whole, how.done, block, at);
    whole.number(how.place, 0).text(how.text, block.text);
    if (block.kind == Block::Kind::text) whole.json("logprobs", "[]");
    tell(whole);
    Object closed;
    begin(closed, how.closed, block, at);
    closed.number(how.place, 0).json("part", part(block, block.text));
    tell(closed);
  }
  const std::string_view status = last && status_ == "incomplete" ? "incomplete" : "completed";
  tell_item("response.output_item.done", block, at, status);
  done_.push_back(item(block, at, status));
}

// ------------------------------------------------------------------------------------------------------------------------ objects

std::string ResponsesReply::item_id(const Block& block, std::size_t at) const {
  const std::string_view kind = block.kind == Block::Kind::tool ? "fc_" : block.kind == Block::Kind::reasoning ? "rs_" : "msg_";
  return std::string(kind) + id_ + "_" + std::to_string(at);
}

std::string ResponsesReply::part(const Block& block, std::string_view text) const {
  const Part& how = part_of(block.kind);
  Object out;
  out.text("type", how.type).text(how.text, text);
  if (block.kind == Block::Kind::text) out.json("annotations", "[]").json("logprobs", "[]");
  return std::string(out.end());
}

std::string ResponsesReply::item(const Block& block, std::size_t at, std::string_view status) const {
  Object out;
  out.text("id", item_id(block, at));
  const std::string content = block.kind == Block::Kind::tool || (block.text.empty() && status == "in_progress") ? "[]" : "[" + part(block, block.text) + "]";
  switch (block.kind) {
    case Block::Kind::tool:
      out.text("type", "function_call").text("status", status).text("call_id", block.id.empty() ? "call_" + id_ + "_" + std::to_string(at) : block.id);
      out.text("name", block.name).text("arguments", block.text.empty() && status != "in_progress" ? "{}" : block.text);
      break;
    case Block::Kind::reasoning:
      out.text("type", "reasoning").text("status", status).json("summary", summaries_ ? content : "[]");
      if (!summaries_) out.json("content", content);
      break;
    default: out.text("type", "message").text("status", status).text("role", "assistant").json("content", content);
  }
  return std::string(out.end());
}

void ResponsesReply::write_usage(Object& to) const {
  const auto known = [](std::int64_t tokens) { return std::max<std::int64_t>(tokens, 0); };
  Object usage, input, output;
  input.number("cached_tokens", known(usage_.cached)).number("cache_write_tokens", known(usage_.cache_write));
  output.number("reasoning_tokens", known(usage_.reasoning));
  usage.number("input_tokens", known(usage_.prompt)).json("input_tokens_details", input.end());
  usage.number("output_tokens", known(usage_.completion)).json("output_tokens_details", output.end());
  usage.number("total_tokens", known(usage_.prompt) + known(usage_.completion));
  to.json("usage", usage.end());
}

std::string ResponsesReply::response(std::string_view status) const {
  Object out;
  out.text("id", "resp_" + id_).text("object", "response").number("created_at", created_).text("status", status).null("error");
  if (status == "incomplete") out.json("incomplete_details", R"({"reason":")" + std::string(incomplete_) + "\"}");
  else out.null("incomplete_details");
  out.text("model", model_);
  std::string items;
  for (const auto& item : done_) items += (items.empty() ? "" : ",") + item;
  out.json("output", "[" + items + "]");
  if (status != "in_progress" && (usage_.prompt >= 0 || usage_.completion >= 0)) write_usage(out);
  std::string text(out.end());
  text.pop_back();
  return text + echo_ + "}";
}

void ResponsesReply::tell_response(std::string_view type, std::string_view status) {
  Object event;
  event.text("type", type).json("response", response(status));
  tell(event);
}

void ResponsesReply::tell_item(std::string_view type, const Block& block, std::size_t at, std::string_view status) {
  Object event;
  event.text("type", type).number("output_index", static_cast<std::int64_t>(at)).json("item", item(block, at, status));
  tell(event);
}

void ResponsesReply::tell(Object& event, std::string_view text) {
  event.number("sequence_number", sequence_++);
  emit_(event.end(), text);
}

}  // namespace belay::runtime::wires
