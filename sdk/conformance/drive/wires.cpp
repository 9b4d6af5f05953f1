#include "drive/wires.hpp"

namespace belay::conform {
namespace {

using json::Value;

std::string_view text_at(const Value& object, std::string_view name) { return json::string_at(object, name).value_or(std::string_view()); }
std::int64_t index_at(const Value& object, std::string_view name, std::int64_t other) { return json::int_at(object, name).value_or(other); }

template <class Each>
void each_of(const Value* list, Each each) {
  if (list == nullptr || !list->IsArray()) return;
  std::int64_t position = 0;
  for (const auto& element : list->GetArray()) each(element, position++);
}

// ---- openai.chat/1

void chat_usage(MessageMaker& to, const Value* usage) {
  if (usage == nullptr || !usage->IsObject()) return;
  to.count(&belay_usage::prompt, usage, "/prompt_tokens");
  to.count(&belay_usage::completion, usage, "/completion_tokens");
  to.count(&belay_usage::cached, usage, "/prompt_tokens_details/cached_tokens");
  to.count(&belay_usage::reasoning, usage, "/completion_tokens_details/reasoning_tokens");
  to.count(&belay_usage::audio, usage, "/completion_tokens_details/audio_tokens");
}

void chat_message(MessageMaker& to, const Value& delta) {
  to.message.text += text_at(delta, "content");
  const auto thought = text_at(delta, "reasoning_content");
  to.message.reasoning += thought.empty() ? text_at(delta, "reasoning") : thought;
  each_of(json::find(delta, "tool_calls"), [&](const Value& call, std::int64_t position) {
    auto& tool = to.tool(index_at(call, "index", position));
    if (const auto id = text_at(call, "id"); !id.empty()) tool.id = id;
    if (const auto* function = json::find(call, "function")) {
      if (const auto name = text_at(*function, "name"); !name.empty()) tool.name = name;
      tool.arguments += text_at(*function, "arguments");
    }
  });
}

void read_chat(MessageMaker& to, const Value& root, std::string_view data) {
  if (const auto* error = json::find(root, "error"); error != nullptr && !error->IsNull()) return to.error(data, root);
  each_of(json::find(root, "choices"), [&](const Value& choice, std::int64_t position) {
    if (index_at(choice, "index", position) != 0) return;
    const auto* delta = json::find(choice, "delta");
    if (delta == nullptr || !delta->IsObject()) delta = json::find(choice, "message");
    if (delta != nullptr) chat_message(to, *delta);
    if (const auto reason = text_at(choice, "finish_reason"); !reason.empty()) to.stop(reason);
  });
  chat_usage(to, json::find(root, "usage"));
}

// ---- openai.responses/1

void responses_usage(MessageMaker& to, const Value* usage) {
  if (usage == nullptr || !usage->IsObject()) return;
  to.count(&belay_usage::prompt, usage, "/input_tokens");
  to.count(&belay_usage::completion, usage, "/output_tokens");
  to.count(&belay_usage::cached, usage, "/input_tokens_details/cached_tokens");
  to.count(&belay_usage::reasoning, usage, "/output_tokens_details/reasoning_tokens");
}

void responses_output(MessageMaker& to, const Value* output) {
  each_of(output, [&](const Value& item, std::int64_t position) {
    const auto type = text_at(item, "type");
    if (type == "message") each_of(json::find(item, "content"), [&](const Value& part, std::int64_t) { to.message.text += text_at(part, "text"); });
    if (type == "reasoning") each_of(json::find(item, "summary"), [&](const Value& part, std::int64_t) { to.message.reasoning += text_at(part, "text"); });
    if (type == "function_call") {
      auto& tool = to.tool(position);
      tool.id = text_at(item, "call_id");
      tool.name = text_at(item, "name");
      tool.arguments = text_at(item, "arguments");
    }
  });
}

void responses_end(MessageMaker& to, const Value& response) {
  const bool tools = !to.message.tools.empty();
  const auto status = text_at(response, "status");
  to.stop(status == "completed" && tools ? std::string_view("tool_calls") : status);
  responses_usage(to, json::find(response, "usage"));
}

void read_responses(MessageMaker& to, const Value& root, std::string_view data) {
  const auto type = text_at(root, "type");
  const auto* response = json::find(root, "response");
  if (type == "error" || type == "response.failed") return to.error(data, root);
  if (type.empty()) {
    if (const auto* error = json::find(root, "error"); error != nullptr && !error->IsNull()) return to.error(data, root);
    responses_output(to, json::find(root, "output"));
    responses_end(to, root);
  } else if (type == "response.output_text.delta") {
    to.message.text += text_at(root, "delta");
  } else if (type == "response.reasoning_summary_text.delta" || type == "response.reasoning_text.delta") {
    to.message.reasoning += text_at(root, "delta");
  } else if (type == "response.output_item.added") {
    const auto* item = json::find(root, "item");
    if (item == nullptr || text_at(*item, "type") != "function_call") return;
    auto& tool = to.tool(index_at(root, "output_index", 0));
    tool.id = text_at(*item, "call_id");
    tool.name = text_at(*item, "name");
  } else if (type == "response.function_call_arguments.delta") {
    to.tool(index_at(root, "output_index", 0)).arguments += text_at(root, "delta");
  } else if ((type == "response.completed" || type == "response.incomplete") && response != nullptr) {
    responses_end(to, *response);
    to.message.end_mark = true;
  }
}

// ---- anthropic.messages/1

void anthropic_usage(MessageMaker& to, const Value* usage) {
  if (usage == nullptr || !usage->IsObject()) return;
  const auto count = [&](std::string_view name) { return json::int_at(*usage, name).value_or(0); };
  to.count(&belay_usage::completion, usage, "/output_tokens");
  to.count(&belay_usage::cached, usage, "/cache_read_input_tokens");
  to.count(&belay_usage::cache_write, usage, "/cache_creation_input_tokens");
  to.count(&belay_usage::prompt, usage, "/input_tokens");
  // What was read from and written to the cache stands beside it.
  if (json::int_at(*usage, "input_tokens")) to.message.usage->prompt += count("cache_read_input_tokens") + count("cache_creation_input_tokens");
}

void anthropic_block(MessageMaker& to, const Value& block, std::int64_t index) {
  const auto type = text_at(block, "type");
  if (type == "text") to.message.text += text_at(block, "text");
  if (type == "thinking") to.message.reasoning += text_at(block, "thinking");
  if (type != "tool_use") return;
  auto& tool = to.tool(index);
  tool.id = text_at(block, "id");
  tool.name = text_at(block, "name");
  if (const auto* input = json::find(block, "input"); input != nullptr && input->IsObject() && input->MemberCount() != 0) tool.arguments = json::text(*input);
}

void read_anthropic(MessageMaker& to, const Value& root, std::string_view data) {
  const auto type = text_at(root, "type");
  if (type == "error") return to.error(data, root);
  if (type == "message") {
    each_of(json::find(root, "content"), [&](const Value& block, std::int64_t position) { anthropic_block(to, block, position); });
    if (const auto reason = text_at(root, "stop_reason"); !reason.empty()) to.stop(reason);
    anthropic_usage(to, json::find(root, "usage"));
  } else if (type == "message_start") {
    anthropic_usage(to, json::at(root, "/message/usage"));
  } else if (type == "content_block_start") {
    if (const auto* block = json::find(root, "content_block")) anthropic_block(to, *block, index_at(root, "index", 0));
  } else if (type == "content_block_delta") {
    const auto* delta = json::find(root, "delta");
    if (delta == nullptr) return;
    to.message.text += text_at(*delta, "text");
    to.message.reasoning += text_at(*delta, "thinking");
    if (const auto piece = json::string_at(*delta, "partial_json")) to.tool(index_at(root, "index", 0)).arguments += *piece;
  } else if (type == "message_delta") {
    if (const auto* reason = json::at(root, "/delta/stop_reason"); reason != nullptr && reason->IsString()) to.stop(json::view(*reason));
    anthropic_usage(to, json::find(root, "usage"));
  } else if (type == "message_stop") {
    to.message.end_mark = true;
  }
}

}  // namespace

bool knows_wire(std::string_view wire) { return wire == "openai.chat/1" || wire == "openai.responses/1" || wire == "anthropic.messages/1"; }

void read_wire(MessageMaker& to, std::string_view wire, const Value& root, std::string_view data) {
  if (wire == "openai.chat/1") read_chat(to, root, data);
  if (wire == "openai.responses/1") read_responses(to, root, data);
  if (wire == "anthropic.messages/1") read_anthropic(to, root, data);
}

}  // namespace belay::conform
