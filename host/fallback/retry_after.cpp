#include "fallback/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace belay::fallback {
namespace {

constexpr double longest_ms = 366.0 * 86'400'000;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<Millis> number(std::string_view text, double scale) {
  double value = 0;
  text = trimmed(text);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) || value < 0 || std::signbit(value)) return std::nullopt;
  return Millis(static_cast<std::int64_t>(std::ceil(std::min(value * scale, longest_ms))));  // an absurd one is long, not missing
}

std::string_view header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

std::optional<Millis> retry_after(const Headers& headers, UnixMs now) {
  if (const auto exact = number(header(headers, "retry-after-ms"), 1)) return exact;
  const auto told = trimmed(header(headers, "retry-after"));
  if (told.empty()) return std::nullopt;
  if (const auto seconds = number(told, 1000)) return seconds;
  std::optional<UnixMs> then = parse_rfc3339(told);
  if (const auto date = parse_http_date(told)) then = *date * 1000;
  if (!then) return std::nullopt;
  // A date is told by upstream's clock: its own Date header says what time it was there.
  if (const auto there = parse_http_date(trimmed(header(headers, "date")))) now = *there * 1000;
  if (*then < now) return std::nullopt;
  return Millis(std::min<std::int64_t>(*then - now, static_cast<std::int64_t>(longest_ms)));
}

}  // namespace belay::fallback
