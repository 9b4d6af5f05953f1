#include "access_line.hpp"

#include <array>
#include <cstdio>

namespace belay::gateway::sight {
namespace {

void text(json::Writer& to, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  json::key(to, name);
  json::str(to, value);
}

void number(json::Writer& to, std::string_view name, std::int64_t value) {
  json::key(to, name);
  to.Int64(value);
}

/// With three digits behind the point.
void thousandth(json::Writer& to, std::string_view name, std::chrono::nanoseconds value,
                std::chrono::nanoseconds unit) {
  std::array<char, 32> out{};
  const int size = std::snprintf(out.data(), out.size(), "%.3f",
                                 static_cast<double>(value.count()) / static_cast<double>(unit.count()));
  json::key(to, name);
  to.RawValue(out.data(), static_cast<std::size_t>(size), rapidjson::kNumberType);
}

void write_usage(json::Writer& to, const fallback::Usage& usage) {
  if (usage.prompt >= 0) number(to, "tokens_in", usage.prompt);
  if (usage.completion >= 0) number(to, "tokens_out", usage.completion);
}

void write_call(json::Writer& to, const Kept& kept) {
  const auto& trace = kept.trace;
  text(to, "route", trace.route);
  text(to, "provider", trace.served_by ? trace.served_by->provider : "");
  text(to, "model", trace.served_by ? trace.served_by->model : "");
  text(to, "outcome", to_string(trace.outcome));
  if (const auto& reason = trace.reason ? trace.reason : trace.left) text(to, "reason", to_string(*reason));
  number(to, "attempts", static_cast<std::int64_t>(trace.attempts.size()));
  json::key(to, "stream");
  to.Bool(kept.stream);
  text(to, "wire", kept.wire);
  write_usage(to, trace.usage);
  thousandth(to, "overhead_us", kept.overhead, std::chrono::microseconds(1));
  if (kept.first_content.count() >= 0)
    thousandth(to, "first_content_ms", kept.first_content, std::chrono::milliseconds(1));
}

}  // namespace

std::string rfc3339_ms(UnixMs moment) {
  std::string out = format_rfc3339(moment);
  const auto part = static_cast<int>(((moment % 1000) + 1000) % 1000);
  std::array<char, 8> digits{};
  std::snprintf(digits.data(), digits.size(), ".%03dZ", part);
  out.replace(out.size() - 1, 1, digits.data());
  return out;
}

void append_access_line(std::string& to, const Kept& kept) {
  json::Buffer buffer;
  json::Writer line(buffer);
  line.StartObject();
  text(line, "time", rfc3339_ms(kept.began));
  text(line, "id", kept.trace.id);
  text(line, "method", kept.method);
  text(line, "path", kept.path);
  number(line, "status", kept.status);
  if (kept.gone) json::key(line, "gone"), line.Bool(true);
  if (kept.call) write_call(line, kept);
  text(line, "key", kept.key);
  number(line, "bytes_in", static_cast<std::int64_t>(kept.bytes_in));
  number(line, "bytes_out", static_cast<std::int64_t>(kept.bytes_out));
  thousandth(line, "duration_ms", kept.total, std::chrono::milliseconds(1));
  text(line, "trace_id", kept.context.trace);
  text(line, "peer", kept.peer);
  text(line, "user_agent", kept.user_agent);
  line.EndObject();
  to += json::view(buffer);
  to += '\n';
}

}  // namespace belay::gateway::sight
