#include "reply_head.hpp"

#include <charconv>
#include <cstdio>
#include <ctime>

namespace belay::gateway {
namespace {

constexpr std::string_view cors_fields =
    "vary: Origin\r\naccess-control-expose-headers: belay-request-id, belay-provider, belay-model, belay-attempts, belay-reason, retry-after\r\n";

/// "HTTP/1.1 200 OK", with its line end.
std::string_view status_line(int status) {
  switch (status) {
    case 100: return "HTTP/1.1 100 Continue\r\n";
    case 200: return "HTTP/1.1 200 OK\r\n";
    case 204: return "HTTP/1.1 204 No Content\r\n";
    case 304: return "HTTP/1.1 304 Not Modified\r\n";
    case 400: return "HTTP/1.1 400 Bad Request\r\n";
    case 401: return "HTTP/1.1 401 Unauthorized\r\n";
    case 403: return "HTTP/1.1 403 Forbidden\r\n";
    case 404: return "HTTP/1.1 404 Not Found\r\n";
    case 405: return "HTTP/1.1 405 Method Not Allowed\r\n";
    case 408: return "HTTP/1.1 408 Request Timeout\r\n";
    case 413: return "HTTP/1.1 413 Content Too Large\r\n";
    case 415: return "HTTP/1.1 415 Unsupported Media Type\r\n";
    case 417: return "HTTP/1.1 417 Expectation Failed\r\n";
    case 422: return "HTTP/1.1 422 Unprocessable Content\r\n";
    case 429: return "HTTP/1.1 429 Too Many Requests\r\n";
    case 431: return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
    case 451: return "HTTP/1.1 451 Unavailable For Legal Reasons\r\n";
    case 500: return "HTTP/1.1 500 Internal Server Error\r\n";
    case 501: return "HTTP/1.1 501 Not Implemented\r\n";
    case 502: return "HTTP/1.1 502 Bad Gateway\r\n";
    case 503: return "HTTP/1.1 503 Service Unavailable\r\n";
    case 504: return "HTTP/1.1 504 Gateway Timeout\r\n";
    case 505: return "HTTP/1.1 505 HTTP Version Not Supported\r\n";
    default: return {};
  }
}

void append_number(std::string& out, std::uint64_t number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

bool is_ours(std::string_view name) {
  switch (name.size()) {
    case 4: return name == "date";
    case 10: return name == "connection";
    case 14: return name == "content-length";
    case 17: return name == "transfer-encoding";
    default: return false;
  }
}

void blank_controls(std::string& out, std::size_t from) {
  for (std::size_t i = from; i < out.size(); ++i) {
    if (static_cast<unsigned char>(out[i]) < 0x20 || out[i] == '\x7f') out[i] = ' ';
  }
}

void append_field(std::string& out, const Field& field) {
  if (is_ours(field.name)) return;
  out.append(field.name).append(": ");
  const std::size_t from = out.size();
  out.append(field.value);
  unsigned bad = 0;  // without a branch, so that it becomes a few wide instructions
  for (const char c : field.value) bad |= static_cast<unsigned>(static_cast<unsigned char>(c) < 0x20) | static_cast<unsigned>(c == '\x7f');
  if (bad != 0) blank_controls(out, from);
  out.append("\r\n");
}

}  // namespace

std::string_view DateLine::at(MonoTime now) {
  if (now < until_ && !line_.empty()) return line_;
  constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const UnixMs moment = system_clock().unix_ms();
  const std::time_t seconds = moment / 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[64];
  const int size = std::snprintf(text, sizeof text, "date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon],
                                 (utc.tm_year + 1900) % 10000, utc.tm_hour, utc.tm_min, utc.tm_sec);
  line_.assign(text, static_cast<std::size_t>(size));
  until_ = now + Millis(1000 - moment % 1000);
  return line_;
}

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

void append_reply_head(std::string& out, int status, std::span<const Field> fields, const ReplyShape& shape, std::string_view date_line) {
  if (const auto line = status_line(status); !line.empty()) {
    out.append(line);
  } else {
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::uint64_t>(status));
    out.append(" \r\n");
  }
  for (const auto& field : fields) append_field(out, field);
  if (!shape.origin.empty()) out.append("access-control-allow-origin: ").append(shape.origin).append("\r\n").append(cors_fields);
  out.append(date_line);
  if (shape.body == ReplyShape::Body::sized) {
    out.append("content-length: ");
    append_number(out, shape.size);
    out.append("\r\n");
  } else if (shape.body == ReplyShape::Body::chunked) {
    out.append("transfer-encoding: chunked\r\n");
  }
  if (shape.after == ReplyShape::After::close) out.append("connection: close\r\n");
  if (shape.after == ReplyShape::After::say_keep) out.append("connection: keep-alive\r\n");
  out.append("\r\n");
}

}  // namespace belay::gateway
