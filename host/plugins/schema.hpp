// [provider.NAME.options] against the plugin's JSON Schema (draft-04, what RapidJSON validates).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace belay::plugins {

/// `schema` may be empty: the provider has no options. The error names the option, what is wrong and what would be
/// right: "provider.spare.options.region: "eu" is none of its values (right would be "us" or "asia")".
Result<void> check_options(std::string_view schema, const std::string& options, const std::string& provider);

}  // namespace belay::plugins
