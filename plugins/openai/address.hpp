// The URLs of a provider: made once per instance.
#pragma once

#include <string>
#include <string_view>

#include "options.hpp"

namespace belay::openai {

/// `base_url` with `path` below it, its own query kept and the options' parameters after it, percent-encoded.
std::string address(std::string_view base_url, std::string_view path, const Options& options);

}  // namespace belay::openai
