#include "host_table.hpp"

#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "base/log.hpp"
#include "base/time.hpp"
#include "base/utf8.hpp"
#include "belay/ext/http.h"
#include "belay/ext/json.h"
#include "belay/ext/random.h"
#include "belay/ext/refresh.h"
#include "belay/ext/secret.h"
#include "belay/ext/state.h"
#include "context.hpp"
#include "words.hpp"

namespace belay::plugins {
namespace {

constexpr std::size_t longest_line = 2048;
constexpr int lines_a_second = 20;

/// So many lines of one plugin in a second; the next second's first one tells how many were dropped.
class LineBudget {
 public:
  /// nullopt: say nothing. Else how many lines were dropped before this one.
  std::optional<int> take(const std::string& who) {
    const auto second =
        std::chrono::duration_cast<std::chrono::seconds>(system_clock().mono().time_since_epoch()).count();
    std::lock_guard lock(mutex_);
    auto& spent = spent_[who];
    if (spent.second != second) spent = {second, 0, spent.dropped};
    if (spent.lines >= lines_a_second) {
      ++spent.dropped;
      return std::nullopt;
    }
    ++spent.lines;
    return std::exchange(spent.dropped, 0);
  }

 private:
  struct Spent {
    std::int64_t second = 0;
    int lines = 0;
    int dropped = 0;
  };
  std::mutex mutex_;
  std::map<std::string, Spent> spent_;
};

LogLevel level_of(std::uint32_t level) {
  switch (level) {
    case BELAY_LOG_DEBUG:
      return LogLevel::debug;
    case BELAY_LOG_WARN:
      return LogLevel::warn;
    case BELAY_LOG_ERROR:
    case BELAY_LOG_HOST_MISBEHAVING:
    case BELAY_LOG_PLUGIN_MISBEHAVING:
      return LogLevel::error;
    default:
      return LogLevel::info;
  }
}

void log_line(belay_ctx* ctx, std::uint32_t level, belay_str message) {
  if (!log_enabled(level_of(level)) || !readable(message)) return;
  static auto* const budget = new LineBudget;
  const auto context = context_of(ctx);
  const std::string who = context ? "plugin " + context->module + "|" + context->provider : std::string("plugin");
  const auto dropped = budget->take(who);
  if (!dropped) return;
  std::string line(cut_utf8(view(message), longest_line));
  if (level == BELAY_LOG_HOST_MISBEHAVING) line = "says that the host broke the interface: " + line;
  if (level == BELAY_LOG_PLUGIN_MISBEHAVING) line = "noticed a bug of its own: " + line;
  if (*dropped > 0) line += " (" + std::to_string(*dropped) + " lines before this one were dropped)";
  log(level_of(level), who, line);
}

std::int64_t mono_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(system_clock().mono().time_since_epoch()).count();
}
std::int64_t unix_ms() { return system_clock().unix_ms(); }
std::int32_t cancelled(const belay_cancel* cancel) { return cancel != nullptr && cancel->token.cancelled() ? 1 : 0; }
std::int32_t cancel_fd(const belay_cancel* cancel) { return cancel == nullptr ? -1 : cancel->token.descriptor(); }

const void* get_extension(belay_str id) {
  if (!readable(id)) return nullptr;
  struct Service {
    std::string_view id;
    const void* (*table)();
  };
  static constexpr std::array<Service, 6> services = {{{BELAY_JSON_ID, json_service},
                                                       {BELAY_RANDOM_ID, random_service},
                                                       {BELAY_STATE_ID, state_service},
                                                       {BELAY_HTTP_ID, http_service},
                                                       {BELAY_SECRET_ID, secret_service},
                                                       {BELAY_REFRESH_ID, refresh_service}}};
  for (const auto& service : services) {
    if (service.id == view(id)) return service.table();
  }
  return nullptr;
}

}  // namespace

const belay_host& host_table() {
  static const belay_host table{sizeof(belay_host), BELAY_ABI_MAJOR, BELAY_ABI_MINOR, 0,       str("belay"),
                                str(BELAY_VERSION), log_line,        mono_ns,         unix_ms, cancelled,
                                cancel_fd,          get_extension};
  return table;
}

}  // namespace belay::plugins
