// Log lines on stderr: one line a fact, prefix first, scrubbed of secrets. JSON lines when stderr is not for people.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace belay {

enum class LogLevel { trace, debug, info, warn, error, off };

/// "trace" ... "off"; an error that lists them for anything else.
Result<LogLevel> parse_log_level(std::string_view word);

/// Process-wide; default warn for the command line, info for the service. Thread-safe.
void set_log_level(LogLevel level);
void set_log_json(bool json);
[[nodiscard]] bool log_enabled(LogLevel level);

/// Writes one line. `prefix` says who: "r42|2/5|openai/gpt#key-b|1.8s". Newlines in `fact` are escaped. Thread-safe.
void log(LogLevel level, std::string_view prefix, std::string_view fact);

}  // namespace belay
