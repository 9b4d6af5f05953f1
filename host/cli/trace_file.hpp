// Where --trace writes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "console.hpp"

namespace belay::cli {

/// Known before a call is made and paid for: whether `where` can be written to.
Result<void> check_trace_place(const std::string& where);

/// "-": one line on stderr. A file is replaced in one rename, mode 0600; what is no regular file (a pipe of the shell,
/// /dev/stdout) is written into.
Result<void> write_trace(const std::string& where, std::string_view json, const Console& console);

}  // namespace belay::cli
