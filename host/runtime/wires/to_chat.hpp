// Requests of other wires as canonical chat requests (OpenAI's Chat Completions): what a provider gets that doesn't speak the caller's wire.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "misfit.hpp"

namespace belay::runtime::wires {

/// What must be there for the request to be one of its wire at all, told from the index alone. `counting`: Messages' count_tokens.
std::optional<Misfit> check(Wire wire, const std::vector<json::Member>& members, bool counting);

/// The chat request without `model` and `stream`, usage of a stream asked for. `body` was checked to be one JSON object. `wire` is not chat.
std::variant<std::string, Misfit> to_chat(Wire wire, std::string_view body);

std::variant<std::string, Misfit> responses_to_chat(const json::Value& request);
std::variant<std::string, Misfit> messages_to_chat(const json::Value& request);

/// Names in a chat request of what the caller's members become there, with the value where it is the same: what the fallback machine may drop or rename.
std::vector<json::Member> chat_names(Wire wire, const std::vector<json::Member>& members);

}  // namespace belay::runtime::wires
