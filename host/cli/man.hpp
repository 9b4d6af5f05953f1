// Manual pages in roff (man(7)), made from the command table.
#pragma once

#include <string>
#include <vector>

#include "command.hpp"

namespace belay::cli {

/// "belay", "belay-call", "belay-credential-refresh", ...: each is a page of section 1.
std::vector<std::string> manual_pages();

/// One of them; empty for an unknown name.
std::string manual_page(const std::string& name);

}  // namespace belay::cli
