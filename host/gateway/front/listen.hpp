// The two kinds of addresses that can be listened on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "front/front.hpp"

namespace belay::gateway {

constexpr int listen_backlog = 4096;

Result<std::vector<Listener>> listen_tcp(std::string_view address, std::size_t copies);
Result<std::vector<Listener>> listen_unix(const std::string& path);

}  // namespace belay::gateway
