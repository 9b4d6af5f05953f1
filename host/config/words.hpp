// Words: what a name may look like, and the closed lists that settings are chosen from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace belay::config {

/// Of providers, routes, credentials, presets and gateway keys: letters, digits, '.', '_', '-', beginning with a letter
/// or digit, at most
/// 64. They stand in URLs, headers, targets (PROVIDER/MODEL) and on command lines (PROVIDER#ID), so nothing there may
/// need quoting.
bool is_name(std::string_view text);
inline constexpr std::string_view name_rule = "letters, digits, '.', '_' and '-', at most 64 of them";

/// Of provider types: [a-z][a-z0-9-]*, as in a plugin's file name.
bool is_provider_type(std::string_view text);
inline constexpr std::string_view provider_type_rule = "small letters, digits and '-', beginning with a letter";

/// 64 hexadecimal digits.
bool is_sha256(std::string_view text);

/// "tools", "vision", "json_schema", "reasoning", "embeddings"
const std::vector<std::string>& capabilities();

/// "free", "flat", "metered"
const std::vector<std::string>& costs();

/// Names of all reasons, in the order of fallback::Reason.
const std::vector<std::string>& reasons();

/// "auth", "capacity", "transport", "model", "any"
const std::vector<std::string>& reason_groups();

std::string lower_case(std::string_view text);

}  // namespace belay::config
