// Wire: the three request formats that a caller may speak, by the names of the plugin ABI.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace belay::runtime::wires {

enum class Wire : std::uint8_t {
  chat,       ///< OpenAI Chat Completions; also the canonical JSON of the plugin ABI
  responses,  ///< OpenAI Responses
  messages,   ///< Anthropic Messages
};

constexpr std::string_view name_of(Wire wire) {
  switch (wire) {
    case Wire::responses: return "openai.responses/1";
    case Wire::messages: return "anthropic.messages/1";
    default: return "openai.chat/1";
  }
}

constexpr std::optional<Wire> wire_of(std::string_view name) {
  for (const Wire wire : {Wire::chat, Wire::responses, Wire::messages}) {
    if (name == name_of(wire)) return wire;
  }
  return std::nullopt;
}

}  // namespace belay::runtime::wires
