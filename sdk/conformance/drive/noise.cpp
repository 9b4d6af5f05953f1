#include "drive/noise.hpp"

#include <algorithm>
#include <array>

namespace belay::conform {
namespace {

using namespace std::string_view_literals;

constexpr std::array known_words = {
    "data: "sv,       "data:"sv,          "event: "sv,       "id: 1"sv,      "retry: 10"sv,       ": comment"sv,    "\n"sv,             "\n\n"sv,          "\r\n\r\n"sv,
    "\r"sv,           "[DONE]"sv,         "{"sv,             "}"sv,          "["sv,               "]"sv,            ","sv,              ":"sv,             "\""sv,
    "\\"sv,           "\\u0000"sv,        "\\ud83d"sv,       "\\ude00"sv,    "null"sv,            "true"sv,         "-1"sv,             "1e999"sv,         "9223372036854775808"sv,
    "0.1"sv,          "\"choices\""sv,    "\"delta\""sv,     "\"content\""sv, "\"message\""sv,    "\"index\""sv,    "\"tool_calls\""sv, "\"function\""sv,  "\"arguments\""sv,
    "\"name\""sv,     "\"id\""sv,         "\"usage\""sv,     "\"error\""sv,  "\"code\""sv,        "\"type\""sv,     "\"finish_reason\""sv, "\"stop\""sv,   "\"data\""sv,
    "\"embedding\""sv, "\"object\""sv,    "\"reasoning_content\""sv, "\xEF\xBB\xBF"sv, "\xF0\x9F\x98\x80"sv, "\xC3"sv, "\xE2\x82"sv,    "\xED\xA0\x80"sv,  "\xFF"sv,
    "message_start"sv, "content_block_delta"sv, "text_delta"sv, "response.completed"sv, "response.output_text.delta"sv, "\"output\""sv, "\0"sv, " "sv, "\t"sv,
};

constexpr std::array header_names = {"content-type"sv, "retry-after"sv,  "retry-after-ms"sv, "content-encoding"sv, "x-request-id"sv, "www-authenticate"sv,
                                     "date"sv,         "content-length"sv, ""sv,             "x-ratelimit-reset"sv, "\x01"sv,        "location"sv};
constexpr std::array header_values = {"application/json"sv, "text/event-stream"sv, "text/event-stream; charset=utf-8"sv, "text/html"sv, "0"sv, "-1"sv, "1e9"sv,
                                      "Wed, 21 Oct 2099 07:28:00 GMT"sv, "99999999999999999999"sv, ""sv, "gzip"sv, "\xFF\xFE"sv};

}  // namespace

std::string Noise::bytes(std::size_t size) {
  std::string out(size, '\0');
  for (char& byte : out) byte = static_cast<char>(random_());
  return out;
}

std::string Noise::word() { return std::string(known_words[below(known_words.size())]); }

std::string Noise::words(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += one_in(12) ? bytes(1 + below(4)) : word();
  return out;
}

std::string Noise::json(int depth) {
  const std::size_t kind = below(depth <= 0 ? 5 : 8);
  if (kind == 0) return std::array{"null", "true", "false", "0", "-0.0", "1e5", "123456789012345678901234567890"}[below(7)];
  if (kind == 1) return std::to_string(static_cast<std::int64_t>(random_()) >> below(63));
  if (kind < 5) {
    static constexpr std::array texts = {"\"\"", "\"hello\"", "\"stop\"", "\"a\\u0000b\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"{\\\"a\\\":1}\"", "\"\\\\\"", "\"\xC3\xA9\"", "\"chat.completion\""};
    return texts[below(texts.size())];
  }
  const bool object = kind < 7;
  static constexpr std::array names = {"choices", "delta",   "message", "content", "role", "index", "tool_calls", "function", "name",     "arguments", "id",
                                       "usage",   "error",   "code",    "type",    "data", "model", "object",     "output",   "finish_reason", "prompt_tokens", "embedding"};
  std::string out(1, object ? '{' : '[');
  for (std::size_t i = below(5); i > 0; --i) {
    if (object) out += std::string("\"") + names[below(names.size())] + "\":";
    out += json(depth - 1) + (i > 1 ? "," : "");
  }
  return out + (object ? '}' : ']');
}

std::vector<std::pair<std::string, std::string>> Noise::headers() {
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t i = below(6); i > 0; --i) {
    out.emplace_back(header_names[below(header_names.size())], one_in(4) ? bytes(below(40)) : std::string(header_values[below(header_values.size())]));
  }
  return out;
}

CassetteReply Noise::reply() {
  CassetteReply reply;
  reply.status = 200 + static_cast<int>(one_in(3) ? below(100) : 0);
  reply.headers = headers();
  const std::size_t kind = below(5);
  if (kind == 0) {
    reply.body = bytes(below(400));
  } else if (kind == 1) {
    reply.body = words(below(80));
  } else if (kind == 2) {
    reply.body = json(6);
  } else {
    for (std::size_t i = below(8); i > 0; --i) reply.body += "data: " + (one_in(4) ? words(6) : json(5)) + (one_in(6) ? "\r" : "\n\n");
    if (one_in(2)) reply.body += "data: [DONE]\n\n";
  }
  reply.truncated = one_in(3);
  return reply;
}

std::string Noise::mutated(std::string text, std::string_view other) {
  for (std::size_t times = 1 + below(8); times > 0; --times) {
    const std::size_t at = below(text.size() + 1), length = below(std::min<std::size_t>(64, text.size() - at + 1));
    switch (below(9)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 2: text.erase(at, length); break;
      case 3: text.insert(at, text.substr(at, length)); break;
      case 4: {
        const std::string piece = text.substr(at, length);
        text.erase(at, length);
        text.insert(below(text.size() + 1), piece);
        break;
      }
      case 5: {
        const std::size_t from = below(other.size() + 1);
        text.insert(at, other.substr(from, below(200)));
        break;
      }
      case 6: text.resize(at); break;
      case 7: {
        const std::size_t digit = text.find_first_of("0123456789", at);
        if (digit != std::string::npos) text.replace(digit, 1, one_in(2) ? "99999999999999999999" : "-1");
        break;
      }
      default: text.insert(at, word()); break;
    }
  }
  return text;
}

}  // namespace belay::conform
