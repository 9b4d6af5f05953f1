#include "base/log.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <mutex>
#include <string>

#include "base/json.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "base/utf8.hpp"

namespace belay {
namespace {

constexpr std::array<std::string_view, 6> names = {"trace", "debug", "info", "warn", "error", "off"};
std::atomic<LogLevel> threshold{LogLevel::warn};
std::atomic<bool> as_json{false};

}  // namespace

Result<LogLevel> parse_log_level(std::string_view word) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == word) return static_cast<LogLevel>(i);
  }
  return fail("no log level \"" + std::string(word) + "\" (use trace, debug, info, warn, error or off)");
}

void set_log_level(LogLevel level) { threshold = level; }
void set_log_json(bool json) { as_json = json; }
bool log_enabled(LogLevel level) {
  return level >= threshold.load(std::memory_order_relaxed) && level != LogLevel::off;
}

void log(LogLevel level, std::string_view prefix, std::string_view fact) {
  if (!log_enabled(level)) return;
  const auto now = format_rfc3339(system_clock().unix_ms());
  const auto name = names[static_cast<std::size_t>(level)];
  const std::string who = scrub(prefix), text = scrub(fact);
  std::string line;
  if (as_json) {
    line = "{\"time\":\"" + now + "\",\"level\":\"" + std::string(name) + "\",\"who\":" + json::quoted(who) +
           ",\"msg\":" + json::quoted(text) + "}\n";
  } else {
    line = now + " " + std::string(name) + " [" + printable(who) + "] " + printable(text) + "\n";
  }
  // One write per line, so that lines of several threads and processes do not mix.
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace belay
