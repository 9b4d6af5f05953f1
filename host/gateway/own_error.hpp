// Errors of the gateway itself: its keys, its limits, its paths. Told apart from an upstream's by "source": "gateway" and by having no trace.
#pragma once

#include <string>
#include <string_view>

namespace belay::gateway {

/// The error object of a wire; `code` is a reason of the closed list.
std::string own_error(std::string_view wire, int status, std::string_view code, std::string_view message, std::string_view id);

}  // namespace belay::gateway
