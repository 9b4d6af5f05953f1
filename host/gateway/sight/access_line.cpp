#include "access_line.hpp"

#include "base/utf8.hpp"
#include "kept.hpp"

namespace belay::gateway::sight {
namespace {

using std::chrono::microseconds, std::chrono::milliseconds;

/// What a client says, cut and fit for JSON.
template <std::size_t Size>
void told(JsonLine& line, const char (&name)[Size], std::string_view value, std::size_t limit) {
  const auto cut = cut_utf8(value, limit);
  valid_utf8(cut) ? line.text(name, cut) : line.text(name, replace_invalid_utf8(cut));
}

void write_call(JsonLine& line, const RequestRecord& record) {
  const auto& trace = record.call->trace;
  line.text("route", trace.route);
  if (trace.served_by) {
    line.text("provider", trace.served_by->provider);
    line.text("model", trace.served_by->model);
  }
  line.text("outcome", to_string(trace.outcome));
  if (const auto& reason = trace.reason ? trace.reason : trace.left) line.text("reason", to_string(*reason));
  line.number("attempts", static_cast<std::int64_t>(trace.attempts.size()));
  line.flag("stream", record.stream);
  line.text("wire", record.wire);
  if (trace.usage.prompt >= 0) line.number("tokens_in", trace.usage.prompt);
  if (trace.usage.completion >= 0) line.number("tokens_out", trace.usage.completion);
  line.thousandths<microseconds>("overhead_us", record.overhead);
  if (record.first_content.count() >= 0) line.thousandths<milliseconds>("first_content_ms", record.first_content);
}

/// "2026-11-24T16:01:36" of a second; most lines of a busy log share it with the one before.
std::string_view date_and_time(std::int64_t second) {
  static thread_local std::int64_t known = -1;
  static thread_local std::string text;
  if (second != known) {
    text = format_rfc3339(second * 1000);
    text.pop_back();
    known = second;
  }
  return text;
}

constexpr std::size_t longest_moment = 32;

char* write_moment(char* at, UnixMs moment) {
  const auto part = static_cast<unsigned>(((moment % 1000) + 1000) % 1000);
  const auto whole = date_and_time((moment - part) / 1000);
  at = std::copy(whole.begin(), whole.end(), at);
  *at++ = '.';
  at = JsonLine::three_digits(at, part);
  *at++ = 'Z';
  return at;
}

}  // namespace

std::string rfc3339_ms(UnixMs moment) {
  char text[longest_moment];
  return {text, write_moment(text, moment)};
}

void write_access_line(JsonLine& line, const RequestRecord& record) {
  line.begin();
  line.written("time", longest_moment, [&](char* at) { return write_moment(at, record.began); });
  line.text("id", record.call != nullptr && !record.call->trace.id.empty() ? std::string_view(record.call->trace.id) : record.id);
  told(line, "method", record.method, word_limit);
  told(line, "path", record.path, path_limit);
  line.number("status", record.status);
  if (record.gone) line.flag("gone", true);
  if (record.call != nullptr) write_call(line, record);
  line.text("key", record.key);
  line.number("bytes_in", static_cast<std::int64_t>(record.bytes_in));
  line.number("bytes_out", static_cast<std::int64_t>(record.bytes_out));
  line.thousandths<milliseconds>("duration_ms", record.total);
  line.text("trace_id", record.context.trace);
  line.text("peer", record.peer);
  told(line, "user_agent", record.user_agent, user_agent_limit);
  line.end();
}

}  // namespace belay::gateway::sight
