#include "call_body.hpp"

#include <algorithm>

#include "wires/to_chat.hpp"

namespace belay::runtime {
namespace {

using wires::Misfit;
using wires::Wire;

bool caps_output(std::string_view name) { return name == "max_tokens" || name == "max_completion_tokens"; }

/// A route's param in the words of another wire; no name: it has none there.
std::pair<std::string, std::string> in_words_of(Wire wire, const std::pair<std::string, std::string>& param) {
  const auto& [name, value] = param;
  if (name == "temperature" || name == "top_p") return param;
  if (wire == Wire::responses) {
    if (caps_output(name)) return {"max_output_tokens", value};
    if (name == "reasoning_effort") return {"reasoning", "{\"effort\":" + value + "}"};
    if (name == "parallel_tool_calls" || name == "user" || name == "service_tier") return param;
  } else {
    if (name == "top_k") return param;
    if (name == "stop") return {"stop_sequences", value.starts_with('[') ? value : "[" + value + "]"};
  }
  return {};
}

/// What the machine learned in canonical words, for a body of another wire.
std::vector<fallback::Adjusted> in_words_of(Wire wire, const std::vector<fallback::Adjusted>& adjusted) {
  std::vector<fallback::Adjusted> out = adjusted;
  for (auto& change : out) {
    if (wire == Wire::responses && caps_output(change.parameter) && change.to.front() != '"') change.parameter = "max_output_tokens";
  }
  return out;
}

}  // namespace

std::variant<std::unique_ptr<CallBody>, Misfit> CallBody::parse(std::string body, std::string_view wire, std::string_view operation) {
  const auto known = wires::wire_of(wire);
  if (!known) return Misfit{Misfit::Kind::malformed, {}, "the wire \"" + std::string(wire) + "\" is unknown (known: openai.chat/1, openai.responses/1, anthropic.messages/1)"};
  auto parsed = RequestBody::parse(std::move(body));
  if (!parsed) return Misfit{Misfit::Kind::malformed, {}, parsed.error().message};
  auto out = std::make_unique<CallBody>();
  out->wire_ = *known;
  out->own_ = std::move(*parsed);
  if (*known == Wire::chat) return out;
  if (auto misfit = wires::check(*known, out->own_->members(), operation == "count_tokens")) {
    misfit->message = "the request is not usable: " + misfit->message;
    return *std::move(misfit);
  }
  out->list_names();
  return out;
}

void CallBody::list_names() {
  names_ = own_->members();
  for (const auto& name : wires::chat_names(wire_, own_->members())) names_.push_back(name);
}

Result<void> CallBody::add_defaults(const Params& params) {
  if (wire_ == Wire::chat) return own_->add_defaults(params);
  params_ = &params;
  Params own;
  for (const auto& param : params) {
    if (auto here = in_words_of(wire_, param); !here.first.empty()) own.push_back(std::move(here));
  }
  auto added = own_->add_defaults(own);
  list_names();
  return added;
}

std::variant<std::unique_ptr<RequestBody>, Misfit> CallBody::translate() const {
  auto text = wires::to_chat(wire_, own_->text());
  if (auto* misfit = std::get_if<Misfit>(&text)) return std::move(*misfit);
  auto body = RequestBody::parse(std::get<std::string>(std::move(text)));
  if (!body) return Misfit{Misfit::Kind::malformed, {}, body.error().message};
  if (params_ == nullptr) return std::move(*body);
  Params defaults;
  for (const auto& param : *params_) {
    const bool said = caps_output(param.first) && ((*body)->find("max_tokens") != nullptr || (*body)->find("max_completion_tokens") != nullptr);
    if (!said) defaults.push_back(param);
  }
  if (auto added = (*body)->add_defaults(defaults); !added) return Misfit{Misfit::Kind::malformed, {}, added.error().message};
  return std::move(*body);
}

std::variant<PreparedBody, Misfit> CallBody::prepare(bool own_wire, std::string_view model, bool stream, const std::vector<fallback::Adjusted>& adjusted) const {
  if (wire_ == Wire::chat) return own_->prepare(model, stream, adjusted);
  if (own_wire) return own_->prepare(model, stream, in_words_of(wire_, adjusted));
  if (!chat_) chat_ = translate();
  if (const auto* misfit = std::get_if<Misfit>(&*chat_)) return *misfit;
  return std::get<std::unique_ptr<RequestBody>>(*chat_)->prepare(model, stream, adjusted);
}

}  // namespace belay::runtime
