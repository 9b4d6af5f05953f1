// Models: what a client may name as `model`, as OpenAI and Anthropic list it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "keys.hpp"
#include "runtime/settings.hpp"

namespace belay::gateway {

enum class ModelsShape { openai, anthropic };

/// All of them: routes, `auto`, then targets; only what `key` may call (null: everything).
std::string models_json(const runtime::Settings& settings, const Key* key, ModelsShape shape, std::int64_t created);
/// One of them; nullopt: there is none of that name for that key.
std::optional<std::string> model_json(const runtime::Settings& settings, const Key* key, std::string_view id, ModelsShape shape, std::int64_t created);

}  // namespace belay::gateway
