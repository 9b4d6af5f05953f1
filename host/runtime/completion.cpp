#include "completion.hpp"

namespace belay::runtime {
namespace {

std::string_view view(belay_str text) { return {text.ptr == nullptr ? "" : text.ptr, static_cast<std::size_t>(text.len)}; }

void append(std::string& to, const json::Value& delta, std::string_view name) {
  if (const auto piece = json::string_at(delta, name)) to += *piece;
}

void write_usage(json::Writer& to, const fallback::Usage& usage) {
  const auto number = [&to](std::string_view name, std::int64_t value) {
    json::key(to, name);
    to.Int64(value < 0 ? 0 : value);
  };
  to.StartObject();
  number("prompt_tokens", usage.prompt);
  number("completion_tokens", usage.completion);
  number("total_tokens", std::max<std::int64_t>(usage.prompt, 0) + std::max<std::int64_t>(usage.completion, 0));
  if (usage.cached >= 0) {
    json::key(to, "prompt_tokens_details");
    to.StartObject();
    number("cached_tokens", usage.cached);
    to.EndObject();
  }
  if (usage.reasoning >= 0) {
    json::key(to, "completion_tokens_details");
    to.StartObject();
    number("reasoning_tokens", usage.reasoning);
    to.EndObject();
  }
  to.EndObject();
}

}  // namespace

std::string_view finish_word(std::int64_t stopped) {
  switch (stopped) {
    case BELAY_STOPPED_LENGTH: return "length";
    case BELAY_STOPPED_TOOLS: return "tool_calls";
    case BELAY_STOPPED_FILTER: return "content_filter";
    default: return "stop";
  }
}

fallback::Usage usage_of(const json::Value& usage) {
  fallback::Usage out;
  out.prompt = json::int_at(usage, "prompt_tokens").value_or(-1);
  out.completion = json::int_at(usage, "completion_tokens").value_or(-1);
  if (const auto* details = json::find(usage, "prompt_tokens_details")) out.cached = json::int_at(*details, "cached_tokens").value_or(-1);
  if (const auto* details = json::find(usage, "completion_tokens_details")) out.reasoning = json::int_at(*details, "reasoning_tokens").value_or(-1);
  return out;
}

bool read_usage(JsonCursor& at, fallback::Usage& usage) {
  const auto number = [&at](std::int64_t& into) {
    const std::string_view value = at.value();
    into = count(value);
    return !value.empty();
  };
  const auto detail = [&](std::string_view wanted, std::int64_t& into) {
    if (!at.sees('{')) return at.skip();
    return at.object([&](std::string_view name) { return name == wanted ? number(into) : at.skip(); });
  };
  usage = {};
  if (!at.sees('{')) return at.skip();
  return at.object([&](std::string_view name) {
    if (name == "prompt_tokens") return number(usage.prompt);
    if (name == "completion_tokens") return number(usage.completion);
    if (name == "prompt_tokens_details") return detail("cached_tokens", usage.cached);
    if (name == "completion_tokens_details") return detail("reasoning_tokens", usage.reasoning);
    return at.skip();
  });
}

void Completion::add_chunk(const json::Value& chunk) {
  if (id.empty()) id = json::string_at(chunk, "id").value_or("");
  if (model.empty()) model = json::string_at(chunk, "model").value_or("");
  if (created == 0) created = json::int_at(chunk, "created").value_or(0);
  if (const auto* told = json::find(chunk, "usage"); told != nullptr && told->IsObject()) usage = usage_of(*told);
  const auto* choice = json::at(chunk, "/choices/0");
  if (choice == nullptr) return;
  if (const auto why = json::string_at(*choice, "finish_reason")) finish = *why;
  const auto* delta = json::find(*choice, "delta");
  if (delta == nullptr || !delta->IsObject()) return;
  append(text, *delta, "content");
  append(reasoning, *delta, json::find(*delta, "reasoning_content") != nullptr ? "reasoning_content" : "reasoning");
  append(refusal, *delta, "refusal");
  const auto* calls = json::find(*delta, "tool_calls");
  if (calls == nullptr || !calls->IsArray()) return;
  std::uint32_t position = 0;
  for (const auto& call : calls->GetArray()) {
    Tool& tool = tools[static_cast<std::uint32_t>(json::int_at(call, "index").value_or(position))];
    ++position;
    if (const auto told = json::string_at(call, "id"); told && tool.id.empty()) tool.id = *told;
    if (const auto* function = json::find(call, "function")) {
      if (const auto name = json::string_at(*function, "name"); name && tool.name.empty()) tool.name = *name;
      append(tool.arguments, *function, "arguments");
    }
  }
}

std::string Completion::body() const {
  json::Buffer buffer;
  json::Writer to(buffer);
  const auto text_member = [&to](std::string_view name, std::string_view value) {
    json::key(to, name);
    json::str(to, value);
  };
  to.StartObject();
  text_member("id", id.empty() ? "chatcmpl-belay" : id);
  text_member("object", "chat.completion");
  json::key(to, "created");
  to.Int64(created);
  text_member("model", model);
  json::key(to, "choices");
  to.StartArray();
  to.StartObject();
  json::key(to, "index");
  to.Int(0);
  json::key(to, "message");
  to.StartObject();
  text_member("role", "assistant");
  json::key(to, "content");
  text.empty() && (!tools.empty() || !refusal.empty()) ? static_cast<void>(to.Null()) : json::str(to, text);
  if (!reasoning.empty()) text_member("reasoning_content", reasoning);
  if (!refusal.empty()) text_member("refusal", refusal);
  if (!tools.empty()) {
    json::key(to, "tool_calls");
    to.StartArray();
    for (const auto& [index, tool] : tools) {
      to.StartObject();
      text_member("id", tool.id);
      text_member("type", "function");
      json::key(to, "function");
      to.StartObject();
      text_member("name", tool.name);
      text_member("arguments", tool.arguments);
      to.EndObject();
      to.EndObject();
    }
    to.EndArray();
  }
  to.EndObject();
  text_member("finish_reason", finish.empty() ? "stop" : finish);
  to.EndObject();
  to.EndArray();
  if (usage.prompt >= 0 || usage.completion >= 0) {
    json::key(to, "usage");
    write_usage(to, usage);
  }
  to.EndObject();
  return std::string(json::view(buffer));
}

std::string Completion::chunk(std::string_view delta, std::string_view finish_reason) const {
  std::string out = "{\"id\":" + json::quoted(id.empty() ? "chatcmpl-belay" : id) + ",\"object\":\"chat.completion.chunk\",\"created\":" + std::to_string(created) +
                    ",\"model\":" + json::quoted(model) + ",\"choices\":[{\"index\":0,\"delta\":";
  out += delta;
  out += ",\"finish_reason\":";
  out += finish_reason.empty() ? std::string("null") : json::quoted(finish_reason);
  return out + "}]}";
}

std::string Completion::chunk_of(const belay_event& event) {
  switch (event.type) {
    case BELAY_EVENT_MESSAGE_START:
      id = view(event.a);
      model = view(event.b);
      return chunk("{\"role\":\"assistant\",\"content\":\"\"}", "");
    case BELAY_EVENT_TEXT:
      text += view(event.a);
      return chunk("{\"content\":" + json::quoted(view(event.a)) + "}", "");
    case BELAY_EVENT_REASONING:
      reasoning += view(event.a);
      return chunk("{\"reasoning_content\":" + json::quoted(view(event.a)) + "}", "");
    case BELAY_EVENT_REFUSAL:
      refusal += view(event.a);
      return chunk("{\"refusal\":" + json::quoted(view(event.a)) + "}", "");
    case BELAY_EVENT_TOOL_BEGIN:
      tools[event.index] = {std::string(view(event.a)), std::string(view(event.b)), {}};
      return chunk("{\"tool_calls\":[{\"index\":" + std::to_string(event.index) + ",\"id\":" + json::quoted(view(event.a)) +
                       ",\"type\":\"function\",\"function\":{\"name\":" + json::quoted(view(event.b)) + ",\"arguments\":\"\"}}]}", "");
    case BELAY_EVENT_TOOL_ARGS:
      tools[event.index].arguments += view(event.a);
      return chunk("{\"tool_calls\":[{\"index\":" + std::to_string(event.index) + ",\"function\":{\"arguments\":" + json::quoted(view(event.a)) + "}}]}", "");
    case BELAY_EVENT_USAGE:
      if (event.usage != nullptr) usage = {event.usage->prompt, event.usage->completion, event.usage->cached, event.usage->cache_write, event.usage->reasoning, event.usage->audio};
      return {};
    case BELAY_EVENT_STOP:
      finish = finish_word(event.num);
      return chunk("{}", finish);
    default: return {};
  }
}

std::string Completion::usage_chunk() const {
  if (usage.prompt < 0 && usage.completion < 0) return {};
  json::Buffer buffer;
  json::Writer to(buffer);
  write_usage(to, usage);
  return "{\"id\":" + json::quoted(id.empty() ? "chatcmpl-belay" : id) + ",\"object\":\"chat.completion.chunk\",\"created\":" + std::to_string(created) + ",\"model\":" +
         json::quoted(model) + ",\"choices\":[],\"usage\":" + std::string(json::view(buffer)) + "}";
}

}  // namespace belay::runtime
