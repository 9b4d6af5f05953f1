#include "messages_reply.hpp"

#include <algorithm>

namespace belay::runtime::wires {
namespace {

std::string_view view(belay_str text) { return {text.ptr == nullptr ? "" : text.ptr, static_cast<std::size_t>(text.len)}; }

/// A tool's input is an object. Arguments that are none, say because the answer was cut, are kept under the name that Anthropic gives them.
std::string input_of(const std::string& arguments) {
  if (arguments.find_first_not_of(" \t\r\n") == std::string::npos) return "{}";
  if (const auto input = json::parse(arguments); input && input->IsObject()) return arguments;
  return R"({"INVALID_JSON":)" + json::quoted(arguments) + "}";
}

}  // namespace

MessagesReply::MessagesReply(const Asked& asked, Emit emit) : emit_(std::move(emit)), id_(asked.id), model_(asked.model) {}

void MessagesReply::on_event(const belay_event& event) {
  switch (event.type) {
    case BELAY_EVENT_MESSAGE_START: {
      if (!view(event.b).empty()) model_ = view(event.b);
      Object start;
      start.text("type", "message_start").json("message", message(false));
      return tell(start);
    }
    case BELAY_EVENT_USAGE:
      if (event.usage != nullptr) usage_ = {event.usage->prompt, event.usage->completion, event.usage->cached, event.usage->cache_write, event.usage->reasoning, event.usage->audio};
      return;
    case BELAY_EVENT_STOP: return stop(event);
    default:
      if (event.type == BELAY_EVENT_REFUSAL) refusal_ += view(event.a);
      blocks_.on_event(event);
  }
}

void MessagesReply::stop(const belay_event& event) {
  switch (event.num) {
    case BELAY_STOPPED_LENGTH: stop_reason_ = "max_tokens"; break;
    case BELAY_STOPPED_FILTER: stop_reason_ = "refusal"; break;
    case BELAY_STOPPED_TOOLS: stop_reason_ = "tool_use"; break;
    default: stop_reason_ = blocks_.calls_tools() ? "tool_use" : view(event.a) == "stop_sequence" ? "stop_sequence" : "end_turn";   // some end their calls with "stop"
  }
  if (!refusal_.empty()) stop_reason_ = "refusal";
  blocks_.finish();
  Object delta, told;
  write_stop(delta, true);
  delta.null("container");
  told.text("type", "message_delta").json("delta", delta.end()).json("usage", usage(false));
  tell(told);
  Object end;
  end.text("type", "message_stop");
  tell(end);
}

// ------------------------------------------------------------------------------------------------------------------------- blocks

void MessagesReply::on_open(const Block& block, std::size_t at) {
  Object event;
  event.text("type", "content_block_start").number("index", static_cast<std::int64_t>(at)).json("content_block", block_of(block, at, false));
  tell(event);
}

void MessagesReply::on_piece(const Block& block, std::size_t at, std::string_view piece) {
  Object delta, event;
  const bool text = block.kind == Block::Kind::text || block.kind == Block::Kind::refusal;
  if (block.kind == Block::Kind::tool) delta.text("type", "input_json_delta").text("partial_json", piece);
  else if (block.kind == Block::Kind::reasoning) delta.text("type", "thinking_delta").text("thinking", piece);
  else delta.text("type", "text_delta").text("text", piece);
  event.text("type", "content_block_delta").number("index", static_cast<std::int64_t>(at)).json("delta", delta.end());
  if (block.kind == Block::Kind::text) text_ += piece;
  tell(event, text && block.kind == Block::Kind::text ? piece : std::string_view());
}

void MessagesReply::on_close(const Block&, std::size_t at) {
  Object event;
  event.text("type", "content_block_stop").number("index", static_cast<std::int64_t>(at));
  tell(event);
}

// ------------------------------------------------------------------------------------------------------------------------ objects

std::string MessagesReply::block_of(const Block& block, std::size_t at, bool whole) const {
  const std::string_view text = whole ? std::string_view(block.text) : std::string_view();
  Object out;
  switch (block.kind) {
    case Block::Kind::tool:
      out.text("type", "tool_use").text("id", block.id.empty() ? "toolu_" + id_ + "_" + std::to_string(at) : block.id).text("name", block.name);
      out.json("input", whole ? input_of(block.text) : "{}").json("caller", R"({"type":"direct"})");
      break;
    case Block::Kind::reasoning: out.text("type", "thinking").text("thinking", text).text("signature", ""); break;
    default: out.text("type", "text").text("text", text).null("citations");
  }
  return std::string(out.end());
}

void MessagesReply::write_stop(Object& to, bool whole) const {
  if (!whole) {
    to.null("stop_reason").null("stop_sequence").null("stop_details");
    return;
  }
  to.text("stop_reason", stop_reason_).null("stop_sequence");
  if (stop_reason_ != "refusal") {
    to.null("stop_details");
    return;
  }
  Object details;
  details.text("type", "refusal").null("category");
  refusal_.empty() ? details.null("explanation") : details.text("explanation", refusal_);
  to.json("stop_details", details.end());
}

/// Anthropic counts what was read from or written to a cache apart from `input_tokens`.
std::string MessagesReply::usage(bool whole) const {
  const auto known = [](std::int64_t tokens) { return std::max<std::int64_t>(tokens, 0); };
  Object out;
  out.number("input_tokens", known(known(usage_.prompt) - known(usage_.cached) - known(usage_.cache_write))).number("output_tokens", known(usage_.completion));
  out.number("cache_creation_input_tokens", known(usage_.cache_write)).number("cache_read_input_tokens", known(usage_.cached));
  if (usage_.reasoning >= 0) out.json("output_tokens_details", R"({"thinking_tokens":)" + std::to_string(usage_.reasoning) + "}");
  else out.null("output_tokens_details");
  out.null("server_tool_use");
  if (whole) out.null("cache_creation").null("inference_geo").null("service_tier").null("speed");
  return std::string(out.end());
}

std::string MessagesReply::message(bool whole) const {
  std::string content;
  for (std::size_t at = 0; whole && at < blocks_.all().size(); ++at) content += (content.empty() ? "" : ",") + block_of(blocks_.all()[at], at, true);
  Object out;
  out.text("id", "msg_" + id_).text("type", "message").text("role", "assistant").text("model", model_).json("content", "[" + content + "]");
  write_stop(out, whole);
  out.json("usage", usage(true)).null("container").null("diagnostics");
  return std::string(out.end());
}

void MessagesReply::tell(Object& event, std::string_view text) {
  ++events_;
  emit_(event.end(), text);
}

}  // namespace belay::runtime::wires
