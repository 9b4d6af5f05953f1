#include "trace_pages.hpp"

#include <algorithm>
#include <charconv>

#include "access_line.hpp"
#include "base/json.hpp"

namespace belay::gateway::sight {
namespace {

constexpr std::size_t most = 1000;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// application/x-www-form-urlencoded; what is no escape stays.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

bool is_outcome(std::string_view word) {
  for (const auto outcome : {fallback::Outcome::ok, fallback::Outcome::failed, fallback::Outcome::refused,
                             fallback::Outcome::deadline, fallback::Outcome::cancelled}) {
    if (to_string(outcome) == word) return true;
  }
  return false;
}

Result<void> set(TraceFilter& filter, const std::string& name, const std::string& value) {
  if (name == "limit") {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), filter.limit);
    if (error != std::errc() || end != value.data() + value.size() || filter.limit < 1 || filter.limit > most)
      return fail("limit is a number from 1 to " + std::to_string(most) + ", not \"" + value + "\"");
  } else if (name == "outcome") {
    if (!is_outcome(value)) return fail("no outcome \"" + value + "\" (ok, failed, refused, deadline or cancelled)");
    filter.outcome = value;
  } else if (name == "route") {
    filter.route = value;
  } else if (name == "id") {
    filter.id = value;
  } else {
    return fail("traces can be asked for by limit, outcome, route and id, not by \"" + name + "\"");
  }
  return {};
}

void text_or_null(json::Writer& to, std::string_view name, std::string_view value) {
  json::key(to, name);
  value.empty() ? static_cast<void>(to.Null()) : json::str(to, value);
}

void reason_or_null(json::Writer& to, std::string_view name, const std::optional<fallback::Reason>& reason) {
  text_or_null(to, name, reason ? to_string(*reason) : std::string_view());
}

std::int64_t whole_ms(std::chrono::nanoseconds span) { return std::chrono::duration_cast<Millis>(span).count(); }

void write_attempt(json::Writer& to, const fallback::Attempt& attempt, const Stretch& stretch) {
  to.StartObject();
  json::key(to, "n"), to.Int(attempt.n);
  json::key(to, "provider"), json::str(to, attempt.provider);
  json::key(to, "model"), json::str(to, attempt.model);
  text_or_null(to, "credential", attempt.credential);
  json::key(to, "status"), attempt.status != 0 ? to.Int(attempt.status) : to.Null();
  reason_or_null(to, "reason", attempt.reason);
  text_or_null(to, "message", attempt.message);
  json::key(to, "refresh"), json::str(to, credentials::to_string(attempt.refresh));
  json::key(to, "verdict"), json::str(to, to_string(attempt.verdict));
  json::key(to, "at_ms"), to.Int64(whole_ms(stretch.from));
  json::key(to, "duration_ms"), to.Int64(attempt.duration_ms);
  to.EndObject();
}

void write_served_by(json::Writer& to, const std::optional<fallback::ServedBy>& served_by) {
  json::key(to, "served_by");
  if (!served_by) {
    to.Null();
    return;
  }
  to.StartObject();
  json::key(to, "provider"), json::str(to, served_by->provider);
  json::key(to, "model"), json::str(to, served_by->model);
  text_or_null(to, "credential", served_by->credential);
  to.EndObject();
}

void write_summary(json::Writer& to, const Kept& kept) {
  const auto& trace = kept.trace;
  to.StartObject();
  json::key(to, "id"), json::str(to, trace.id);
  json::key(to, "began"), json::str(to, rfc3339_ms(kept.began));
  json::key(to, "route"), json::str(to, trace.route);
  json::key(to, "outcome"), json::str(to, to_string(trace.outcome));
  reason_or_null(to, "reason", trace.reason);
  reason_or_null(to, "left", trace.left);
  write_served_by(to, trace.served_by);
  json::key(to, "status"), kept.status != 0 ? to.Int(kept.status) : to.Null();
  json::key(to, "stream"), to.Bool(kept.stream);
  json::key(to, "wire"), json::str(to, kept.wire);
  text_or_null(to, "key", kept.key);
  json::key(to, "duration_ms"), to.Int64(whole_ms(kept.total));
  json::key(to, "first_content_ms"),
      kept.first_content.count() >= 0 ? to.Int64(whole_ms(kept.first_content)) : to.Null();
  json::key(to, "overhead_us"), to.Int64(kept.overhead.count() / 1000);
  json::key(to, "attempts"), to.StartArray();
  for (std::size_t i = 0; i < trace.attempts.size(); ++i) write_attempt(to, trace.attempts[i], kept.stretches[i]);
  to.EndArray();
  json::key(to, "skipped"), to.StartArray();
  for (const auto& skipped : trace.skipped) {
    to.StartObject();
    json::key(to, "target"), json::str(to, skipped.target);
    json::key(to, "why"), json::str(to, skipped.why);
    to.EndObject();
  }
  to.EndArray();
  to.EndObject();
}

}  // namespace

Result<TraceFilter> parse_filter(std::string_view query) {
  TraceFilter out;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (part.empty()) continue;
    const auto sign = std::min(part.find('='), part.size());
    const auto value = sign < part.size() ? part.substr(sign + 1) : std::string_view();
    if (value.empty()) continue;  // "outcome=": any
    if (auto known = set(out, decoded(part.substr(0, sign)), decoded(value)); !known) return known.error();
  }
  return out;
}

std::vector<KeptPtr> newest_of(std::vector<std::vector<KeptPtr>> parts, std::size_t limit) {
  std::vector<KeptPtr> out;
  for (auto& part : parts) std::move(part.begin(), part.end(), std::back_inserter(out));
  std::stable_sort(out.begin(), out.end(), [](const KeptPtr& a, const KeptPtr& b) {
    return a->began + whole_ms(a->total) > b->began + whole_ms(b->total);
  });
  if (out.size() > limit) out.resize(limit);
  return out;
}

std::string traces_json(const std::vector<KeptPtr>& traces) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  json::key(to, "traces"), to.StartArray();
  for (const auto& kept : traces) write_summary(to, *kept);
  to.EndArray();
  to.EndObject();
  return std::string(json::view(buffer));
}

}  // namespace belay::gateway::sight
