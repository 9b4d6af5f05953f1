// SPDX-License-Identifier: 0BSD
//
// When to come back, as told in a body: "Please try again in 1.5s", "resets in 3hr 20min", "retryDelay": "30s",
// "resets_at": 1767225600. Headers are the host's business.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "belay/words/text.hpp"

namespace belay::words {

/// -1: not told.
struct RetryHint {
  std::int64_t retry_after_ms = -1;
  std::int64_t reset_unix_ms = -1;
};

namespace detail {

inline constexpr double longest_wait_ms = 366.0 * 86'400'000;

/// A decimal number at the front of `text`, which is shortened by it.
inline std::optional<double> take_number(std::string_view& text) {
  double value = 0, scale = 1;
  std::size_t at = 0;
  for (; at < text.size() && digit(text[at]) && at < 18; ++at) value = value * 10 + (text[at] - '0');
  if (at == 0) return std::nullopt;
  if (at + 1 < text.size() && text[at] == '.' && digit(text[at + 1])) {
    for (++at; at < text.size() && digit(text[at]); ++at) value += (text[at] - '0') * (scale /= 10);
  }
  text.remove_prefix(at);
  return value;
}

inline double unit_ms(std::string_view unit) {
  struct Unit {
    std::string_view names;
    double ms;
  };
  static constexpr Unit units[] = {{" ms msec msecs millisecond milliseconds ", 1},
                                   {" s sec secs second seconds ", 1000},
                                   {" m min mins minute minutes ", 60'000},
                                   {" h hr hrs hour hours ", 3'600'000},
                                   {" d day days ", 86'400'000},
                                   {" w week weeks ", 604'800'000}};
  const std::string wanted = " " + std::string(unit) + " ";
  for (const auto& [names, ms] : units) {
    if (names.find(wanted) != std::string_view::npos) return ms;
  }
  return 0;
}

/// "1.5s", "1h2m3s", "3hr 20min", "2 hours and 5 minutes". A bare number counts in `bare_ms`; 0: it is none. -1: no
/// duration.
inline std::int64_t duration_ms(std::string_view text, double bare_ms = 0) {
  double total = 0;
  bool any = false;
  while (true) {
    std::string_view rest = text;
    while (!rest.empty() && (space(rest.front()) || (any && rest.front() == ','))) rest.remove_prefix(1);
    if (any && rest.starts_with("and ")) rest.remove_prefix(4);
    const auto number = take_number(rest);
    if (!number) break;
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    std::size_t end = 0;
    while (end < rest.size() && letter(rest[end])) ++end;
    double ms = unit_ms(rest.substr(0, end));
    if (ms == 0 && any) break;
    if (ms == 0) ms = end == 0 ? bare_ms : 0;
    if (ms == 0) return -1;
    total += *number * ms;
    any = true;
    text = rest.substr(end);
    if (end == 0) break;
  }
  if (!any || total > longest_wait_ms) return -1;
  const auto whole = static_cast<std::int64_t>(total);
  return static_cast<double>(whole) < total ? whole + 1 : whole;
}

/// Days since 1970-01-01 of a date in the Gregorian calendar.
inline std::int64_t days_of(std::int64_t year, int month, int day) {
  if (month <= 2) --year;
  const std::int64_t era = year / 400, of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

/// "2026-01-01t00:00:00.5z" or with an offset, folded; -1: it is none. Without zone it is nothing that one could count
/// on.
inline std::int64_t rfc3339_ms(std::string_view text) {
  static constexpr std::string_view shape = "dddd-dd-ddtdd:dd:dd";
  if (text.size() <= shape.size()) return -1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 'd' ? !digit(text[i]) : text[i] != shape[i] && !(shape[i] == 't' && text[i] == ' ')) return -1;
  }
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  std::int64_t seconds =
      days_of(two(0) * 100 + two(2), two(5), two(8)) * 86'400 + two(11) * 3600 + two(14) * 60 + two(17);
  std::string_view rest = text.substr(shape.size());
  std::int64_t ms = 0;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    for (int weight = 100; !rest.empty() && digit(rest.front()); rest.remove_prefix(1), weight /= 10)
      ms += weight * (rest.front() - '0');
  }
  if (rest.starts_with('z')) return seconds * 1000 + ms;
  if (rest.size() < 6 || (rest[0] != '+' && rest[0] != '-') || !digit(rest[1]) || !digit(rest[2]) || rest[3] != ':' ||
      !digit(rest[4]) || !digit(rest[5]))
    return -1;
  const int offset = ((rest[1] - '0') * 10 + (rest[2] - '0')) * 3600 + ((rest[4] - '0') * 10 + (rest[5] - '0')) * 60;
  return (seconds - (rest[0] == '+' ? offset : -offset)) * 1000 + ms;
}

/// A moment: RFC 3339, or Unix time in seconds or milliseconds, which their size tells apart.
inline std::int64_t moment_ms(std::string_view text) {
  if (const auto ms = rfc3339_ms(text); ms >= 0) return ms;
  const auto number = take_number(text);
  if (!number || (!text.empty() && (letter(text.front()) || text.front() == '-' || text.front() == ':'))) return -1;
  if (*number >= 1e9 && *number < 1e11) return static_cast<std::int64_t>(*number * 1000);
  if (*number >= 1e12 && *number < 1e14) return static_cast<std::int64_t>(*number);
  return -1;
}

/// The value of a JSON member `key` somewhere in `body`, its opening quote skipped; JSON inside of a JSON text counts
/// too. Empty: none.
inline std::string_view member_value(std::string_view body, std::string_view key) {
  for (std::size_t at = body.find(key); at != std::string_view::npos; at = body.find(key, at + 1)) {
    std::string_view rest = body.substr(at + key.size());
    if (at == 0 || body[at - 1] != '"') continue;
    if (rest.starts_with('\\')) rest.remove_prefix(1);
    if (!rest.starts_with('"')) continue;
    rest.remove_prefix(1);
    while (!rest.empty() && space(rest.front())) rest.remove_prefix(1);
    if (!rest.starts_with(':')) continue;
    rest.remove_prefix(1);
    while (!rest.empty() && (space(rest.front()) || rest.front() == '"' || rest.front() == '\\')) rest.remove_prefix(1);
    return rest.substr(0, 64);
  }
  return {};
}

// clang-format off: lists to be read
inline constexpr std::array wait_leads = std::to_array<std::string_view>(
    {"try again in ", "try again after ", "retry in ", "retry after ", "retry-after: ", "resets in ", "reset in ",
     "resets after ", "reset after ", "renews in ", "please wait ", "available in "});
inline constexpr std::array moment_leads = std::to_array<std::string_view>(
    {"resets at ", "reset at ", "resets on ", "try again at ", "try again after ", "retry after ", "until "});
inline constexpr std::array ms_members =
    std::to_array<std::string_view>({"retry_after_ms", "retry-after-ms", "retryafterms"});
inline constexpr std::array wait_members = std::to_array<std::string_view>(
    {"retrydelay", "quotaresetdelay", "retry_after", "retry-after", "retryafter", "retry_after_seconds",
     "retryafterseconds", "resets_in_seconds", "reset_in_seconds", "reset_after_seconds", "resets_in"});
inline constexpr std::array moment_members =
    std::to_array<std::string_view>({"resets_at", "reset_at", "resetsat", "resetat", "retry_until", "reset_time",
                                     "quotaresettimestamp", "x-ratelimit-reset"});
// clang-format on

}  // namespace detail

/// Reads a text for people and the body around it. The most exact telling counts: milliseconds, then the text, then
/// other members.
inline RetryHint retry_hint(std::string_view message, std::string_view body) {
  using namespace detail;
  const std::string text = fold(message), whole = fold(body, std::size_t{64} << 10);
  RetryHint out;
  const auto wait = [&out](std::int64_t ms) {
    if (out.retry_after_ms < 0) out.retry_after_ms = ms;
  };
  for (auto member : ms_members) wait(duration_ms(member_value(whole, member), 1));
  for (auto lead : wait_leads) {
    if (const std::size_t at = text.find(lead); at != std::string::npos) {
      std::string_view rest = std::string_view(text).substr(at + lead.size());
      for (auto filler :
           {std::string_view("about "), std::string_view("approximately "), std::string_view("another ")}) {
        if (rest.starts_with(filler)) rest.remove_prefix(filler.size());
      }
      if (rfc3339_ms(rest) < 0) wait(duration_ms(rest, lead.starts_with("retry") ? 1000 : 0));
    }
  }
  for (auto member : wait_members) wait(duration_ms(member_value(whole, member), 1000));
  for (auto member : moment_members) {
    if (out.reset_unix_ms < 0) out.reset_unix_ms = moment_ms(member_value(whole, member));
  }
  for (auto lead : moment_leads) {
    if (const std::size_t at = text.find(lead); at != std::string::npos && out.reset_unix_ms < 0) {
      out.reset_unix_ms = rfc3339_ms(std::string_view(text).substr(at + lead.size()));
    }
  }
  return out;
}

}  // namespace belay::words
