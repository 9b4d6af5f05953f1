#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <limits>
#include <mutex>
#include <random>

namespace belay {
namespace {

class SystemClock final : public Clock {
 public:
  MonoTime mono() const override { return std::chrono::steady_clock::now(); }
  UnixMs unix_ms() const override {
    return std::chrono::duration_cast<Millis>(std::chrono::system_clock::now().time_since_epoch()).count();
  }
};

class SystemRandom final : public Random {
 public:
  double uniform() override {
    std::lock_guard lock(mutex_);
    return std::uniform_real_distribution<double>(0.0, 1.0)(engine_);
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_{std::random_device{}()};
};

/// Days since 1970-01-01 of a proleptic Gregorian date.
std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto in_era = static_cast<std::int64_t>(year - era * 400);
  const std::int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

bool valid_date(int year, int month, int day, int hour, int minute, int second) {
  static constexpr std::array<int, 12> days = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return year >= 1970 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
         day <= days[static_cast<std::size_t>(month - 1)] && hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 &&
         second >= 0 && second <= 60;
}

/// Whether `text` has a digit wherever `form` has a 0. (sscanf alone takes " 1" and "+1" for two digits.)
bool digits_as_in(std::string_view text, std::string_view form) {
  if (text.size() < form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '0' && (text[i] < '0' || text[i] > '9')) return false;
  }
  return true;
}

int month_of(std::string_view name) {
  static constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto at = name.size() == 3 ? names.find(name) : std::string_view::npos;
  return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

std::int64_t seconds_of(int year, int month, int day, int hour, int minute, int second) {
  return days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

Random& system_random() {
  static SystemRandom random;
  return random;
}

std::optional<Millis> parse_duration(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value < 0 || end == text.data()) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  std::int64_t scale = 0;
  if (unit == "ms") scale = 1;
  if (unit == "s") scale = 1000;
  if (unit == "m") scale = 60'000;
  if (unit == "h") scale = 3'600'000;
  if (unit == "d") scale = 86'400'000;
  // Far below the range of the clocks' nanoseconds, so that adding a duration to a moment never overflows.
  if (scale == 0 || value > 36'500LL * 86'400'000 / scale) return std::nullopt;
  return Millis(value * scale);
}

std::string format_duration(Millis span) {
  const std::int64_t ms = std::max<std::int64_t>(span.count(), 0);
  const auto up = [ms](std::int64_t unit) { return (ms + unit - 1) / unit; };
  if (ms < 1000) return std::to_string(ms) + " ms";
  if (ms <= 15 * 60'000) return std::to_string(up(1000)) + " s";
  if (ms <= 3 * 3'600'000) return std::to_string(up(60'000)) + " min";
  if (ms <= 3 * 86'400'000LL) return std::to_string(up(3'600'000)) + " h";
  return std::to_string(up(86'400'000)) + " d";
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  char month[4] = {}, weekday[10] = {};
  int day = 0, year = 0, hour = 0, minute = 0, second = 0, used = 0;
  const std::string copy(text.substr(0, 64));
  const auto whole = [&] { return used > 0 && static_cast<std::size_t>(used) == copy.size(); };
  bool read = std::sscanf(copy.c_str(), "%3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", weekday, &day, month, &year,
                          &hour, &minute, &second, &used) == 7 &&
              whole();
  if (!read) {
    used = 0;
    read = std::sscanf(copy.c_str(), "%9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", weekday, &day, month, &year,
                       &hour, &minute, &second, &used) == 7 &&
           whole();
    if (read) year += year < 70 ? 2000 : 1900;  // RFC 9110: a year that looks more than 50 years ahead is in the past
  }
  if (!read) {
    used = 0;
    read = std::sscanf(copy.c_str(), "%3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", weekday, month, &day, &hour,
                       &minute, &second, &year, &used) == 7 &&
           whole();
  }
  if (!read || !valid_date(year, month_of(month), day, hour, minute, second)) return std::nullopt;
  return seconds_of(year, month_of(month), day, hour, minute, second);
}

std::optional<UnixMs> parse_rfc3339(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  const std::string copy(text.substr(0, 64));
  if (!digits_as_in(copy, "0000-00-00T00:00:00")) return std::nullopt;
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second,
                  &used) != 6 ||
      used != 19)
    return std::nullopt;
  if (!valid_date(year, month, day, hour, minute, second)) return std::nullopt;
  std::size_t at = 19;
  std::int64_t millis = 0;
  if (at < copy.size() && copy[at] == '.') {
    std::int64_t scale = 100;
    const std::size_t begin = ++at;
    for (; at < copy.size() && copy[at] >= '0' && copy[at] <= '9'; ++at, scale /= 10)
      millis += (copy[at] - '0') * scale;
    if (at == begin) return std::nullopt;
  }
  std::int64_t offset = 0;
  if (at < copy.size() && (copy[at] == 'Z' || copy[at] == 'z')) {
    ++at;
  } else if (at < copy.size() && (copy[at] == '+' || copy[at] == '-')) {
    int hours = 0, minutes = 0;
    used = 0;
    if (std::sscanf(copy.c_str() + at + 1, "%2d:%2d%n", &hours, &minutes, &used) != 2 || used != 5 || hours > 23 ||
        minutes > 59)
      return std::nullopt;
    offset = (copy[at] == '-' ? -1 : 1) * (hours * 60 + minutes) * 60;
    at += 6;
  } else {
    return std::nullopt;
  }
  if (at != copy.size()) return std::nullopt;
  return (seconds_of(year, month, day, hour, minute, second) - offset) * 1000 + millis;
}

std::string format_rfc3339(UnixMs moment) {
  const auto seconds = static_cast<std::time_t>(moment / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, size};
}

}  // namespace belay
