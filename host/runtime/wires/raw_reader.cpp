#include "raw_reader.hpp"

#include <algorithm>

namespace belay::runtime::wires {
namespace {

using json::Value;
using Kind = Seen::Kind;

bool filled(const Value& object, std::string_view name) { return !json::string_at(object, name).value_or("").empty(); }

Seen told(const Value& error) { return {.kind = Kind::error, .finished = false, .over = false, .text = {}, .error = "{\"error\":" + json::text(error) + "}"}; }
Seen seen(Kind kind) { return {.kind = kind, .finished = false, .over = false, .text = {}, .error = {}}; }

/// The error member, where it says something.
const Value* error_in(const Value& object) {
  const Value* error = json::find(object, "error");
  return error == nullptr || error->IsNull() ? nullptr : error;
}

// ---------------------------------------------------------------------------------------------------------------------- Responses

fallback::Usage responses_usage(const Value& usage) {
  fallback::Usage out;
  out.prompt = json::int_at(usage, "input_tokens").value_or(-1);
  out.completion = json::int_at(usage, "output_tokens").value_or(-1);
  if (const Value* details = json::find(usage, "input_tokens_details")) {
    out.cached = json::int_at(*details, "cached_tokens").value_or(-1);
    out.cache_write = json::int_at(*details, "cache_write_tokens").value_or(-1);
  }
  if (const Value* details = json::find(usage, "output_tokens_details")) out.reasoning = json::int_at(*details, "reasoning_tokens").value_or(-1);
  return out;
}

class ResponsesReader final : public RawReader {
 public:
  Seen read(const Value& event) override {
    const auto type = json::string_at(event, "type").value_or("");
    if (json::string_at(event, "object").value_or("") == "response") return answer(event);
    if (type == "error") return told(error_in(event) != nullptr ? *error_in(event) : event);
    if (const Value* error = error_in(event)) return told(*error);
    if (type.empty()) return seen(Kind::nonsense);
    events_ = json::int_at(event, "sequence_number").value_or(events_) + 1;
    if (const Value* response = json::find(event, "response")) return lifecycle(type, *response);
    return piece(type, event);
  }
  [[nodiscard]] std::string so_far() const override { return began_; }

 private:
  Seen lifecycle(std::string_view type, const Value& response) {
    read_usage(response);
    if (type == "response.failed") {
      const Value* error = error_in(response);
      return told(error != nullptr ? *error : response);
    }
    if (began_.empty()) began_ = json::text(response);
    Seen out = seen(Kind::opening);
    out.finished = out.over = type == "response.completed" || type == "response.incomplete" || type == "response.cancelled";
    return out;
  }

  static Seen piece(std::string_view type, const Value& event) {
    if (type == "response.output_item.added") {
      const Value* item = json::find(event, "item");
      const auto what = item == nullptr ? std::string_view() : json::string_at(*item, "type").value_or("");
      return seen(what == "message" || what == "reasoning" || what.empty() ? Kind::opening : Kind::content);
    }
    if (filled(event, "delta")) {
      Seen out = seen(Kind::content);
      if (type == "response.output_text.delta") out.text = *json::string_at(event, "delta");
      return out;
    }
    // Steps of the server's own tools: response.web_search_call.searching, response.mcp_call.in_progress, ...
    const bool of_a_tool = type.starts_with("response.") && (type.find("_call.") != std::string_view::npos || type.find("_call_") != std::string_view::npos);
    return seen(of_a_tool && !type.ends_with(".delta") ? Kind::content : Kind::opening);
  }

  Seen answer(const Value& response) {
    read_usage(response);
    if (const Value* error = error_in(response)) return told(*error);
    if (json::string_at(response, "status").value_or("") == "failed") return told(response);
    Seen out = seen(Kind::answer);
    out.finished = true;
    const Value* output = json::find(response, "output");
    if (output == nullptr || !output->IsArray()) return seen(Kind::nonsense);
    for (const auto& item : output->GetArray()) {
      const Value* content = json::string_at(item, "type").value_or("") == "message" ? json::find(item, "content") : nullptr;
      if (content == nullptr || !content->IsArray()) continue;
      for (const auto& part : content->GetArray()) {
        if (json::string_at(part, "type").value_or("") == "output_text") out.text += json::string_at(part, "text").value_or("");
      }
    }
    return out;
  }

  void read_usage(const Value& response) {
    if (const Value* usage = json::find(response, "usage"); usage != nullptr && usage->IsObject()) usage_ = responses_usage(*usage);
  }

  std::string began_;
};

// ----------------------------------------------------------------------------------------------------------------------- Messages

class MessagesReader final : public RawReader {
 public:
  Seen read(const Value& event) override {
    if (const Value* error = error_in(event)) return told(*error);
    const auto type = json::string_at(event, "type").value_or("");
    ++events_;
    if (type == "message") return answer(event);
    if (type == "message_start") {
      if (const Value* message = json::find(event, "message")) read_usage(*message);
    } else if (type == "content_block_start") {
      return start(event);
    } else if (type == "content_block_delta") {
      return delta(event);
    } else if (type == "message_delta") {
      read_usage(event);
      Seen out = seen(Kind::opening);
      const Value* delta = json::find(event, "delta");
      out.finished = delta != nullptr && filled(*delta, "stop_reason");
      return out;
    } else if (type == "message_stop") {
      Seen out = seen(Kind::opening);
      out.finished = out.over = true;
      return out;
    } else if (type.empty()) {
      return seen(Kind::nonsense);
    }
    return seen(Kind::opening);
  }

 private:
  static Seen start(const Value& event) {
    const Value* block = json::find(event, "content_block");
    const auto type = block == nullptr ? std::string_view() : json::string_at(*block, "type").value_or("");
    if (type.empty()) return seen(Kind::opening);
    if (type == "thinking") return seen(filled(*block, "thinking") ? Kind::content : Kind::opening);
    if (type != "text") return seen(Kind::content);   // a tool's call or result, reasoning that is hidden
    Seen out = seen(filled(*block, "text") ? Kind::content : Kind::opening);
    out.text = json::string_at(*block, "text").value_or("");
    return out;
  }

  static Seen delta(const Value& event) {
    const Value* delta = json::find(event, "delta");
    if (delta == nullptr) return seen(Kind::opening);
    for (const auto* name : {"text", "thinking", "partial_json"}) {
      if (!filled(*delta, name)) continue;
      Seen out = seen(Kind::content);
      if (std::string_view(name) == "text") out.text = *json::string_at(*delta, name);
      return out;
    }
    return seen(Kind::opening);   // a signature, a citation
  }

  Seen answer(const Value& message) {
    read_usage(message);
    const Value* content = json::find(message, "content");
    if (content == nullptr || !content->IsArray()) return seen(Kind::nonsense);
    Seen out = seen(Kind::answer);
    out.finished = true;
    for (const auto& block : content->GetArray()) {
      if (json::string_at(block, "type").value_or("") == "text") out.text += json::string_at(block, "text").value_or("");
    }
    return out;
  }

  /// Counts are cumulative; an event tells only some of them, and what a cache gave or took apart from the rest of the prompt.
  void read_usage(const Value& holder) {
    const Value* usage = json::find(holder, "usage");
    if (usage == nullptr) return;
    const auto read = [](const Value& from, std::string_view name, std::int64_t& into) { into = json::int_at(from, name).value_or(into); };
    read(*usage, "input_tokens", input_);
    read(*usage, "cache_read_input_tokens", usage_.cached);
    read(*usage, "cache_creation_input_tokens", usage_.cache_write);
    read(*usage, "output_tokens", usage_.completion);
    if (const Value* details = json::find(*usage, "output_tokens_details")) read(*details, "thinking_tokens", usage_.reasoning);
    if (input_ >= 0) usage_.prompt = input_ + std::max<std::int64_t>(usage_.cached, 0) + std::max<std::int64_t>(usage_.cache_write, 0);
  }

  std::int64_t input_ = -1;
};

}  // namespace

std::unique_ptr<RawReader> reader_for(Wire wire) {
  if (wire == Wire::responses) return std::make_unique<ResponsesReader>();
  return std::make_unique<MessagesReader>();
}

}  // namespace belay::runtime::wires
