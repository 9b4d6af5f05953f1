#include "request_rules.hpp"

#include <algorithm>
#include <charconv>

#include "host_rules.hpp"

namespace belay::gateway {
namespace {

constexpr Refusal bad(std::string_view message) { return {400, "bad_request", message}; }
constexpr Refusal forbidden(std::string_view message) { return {403, "permission_denied", message}; }

/// `word` is in lower case.
bool is_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char c, char want) { return (c >= 'A' && c <= 'Z' ? c | 0x20 : c) == want; });
}

/// Only "chunked" is known here. Anything else must not be taken for "no body": its bytes would be read as the next request.
std::optional<Refusal> check_coding(const RawHead& head) {
  const auto value = head.transfer_encoding.value;
  if (head.minor == 0) return bad("an HTTP/1.0 request can't have a Transfer-Encoding");
  if (head.content_length.count > 0) return bad("a request has either a Content-Length or a Transfer-Encoding, not both");
  if (head.transfer_encoding.count == 1 && is_word(value, "chunked")) return std::nullopt;
  const auto last = value.substr(value.find_last_of(", \t") + 1);
  if (head.transfer_encoding.count > 1 || !is_word(last, "chunked")) return bad("Transfer-Encoding must be \"chunked\" and nothing else");
  return Refusal{501, "bad_request", "no transfer coding but \"chunked\" is known here"};
}

}  // namespace

std::optional<Refusal> read_framing(const RawHead& head, Framing& out) {
  if (head.transfer_encoding.count > 0) {
    if (auto refusal = check_coding(head)) return refusal;
    out.body = Framing::Body::chunked;
  } else if (head.content_length.count > 0) {
    const auto value = head.content_length.value;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out.size);
    if (head.content_length.count > 1 || value.empty() || error != std::errc() || end != value.data() + value.size())
      return bad("Content-Length must be one decimal number, given once");
    if (out.size > 0) out.body = Framing::Body::sized;
  }
  if (head.expect.count > 0 && head.minor > 0) {
    if (head.expect.count > 1 || !is_word(head.expect.value, "100-continue"))
      return Refusal{417, "bad_request", "no expectation but \"100-continue\" can be met here"};
    out.expects_continue = out.body != Framing::Body::none;
  }
  return std::nullopt;
}

std::optional<Refusal> check_target(const RawHead& head, const Target& target) {
  if (head.method == "CONNECT") return Refusal{501, "bad_request", "this is no proxy: CONNECT is not done here"};
  if (target.form == Target::Form::bad) return bad("the request target must be a path that begins with \"/\" (or an http URL), in visible ASCII and without \"#\"");
  return std::nullopt;
}

std::optional<Refusal> check_source(const RawHead& head, const Target& target, Door door, const FrontSettings& settings) {
  if (head.host.count > 1) return bad("Host must be given once");
  if (head.host.count == 0 && head.minor > 0) return bad("an HTTP/1.1 request must have a Host");
  if (head.host.count == 1 && !well_formed_host(head.host.value)) return bad("Host must be a name or an address, with or without a port");
  if (head.origin.count > 1) return bad("Origin must be given once");
  const auto host = target.form == Target::Form::absolute ? target.authority : head.host.value;
  if (target.form == Target::Form::absolute && !well_formed_host(host)) return bad("the request target's host must be a name or an address, with or without a port");
  const bool guarded = door == Door::loopback || (door == Door::open && !settings.hosts.empty());
  if (guarded && !host.empty() && !host_allowed(host, settings.hosts))
    return forbidden("this Host is not one of ours (use localhost or 127.0.0.1, or let gateway.hosts name it)");
  if (head.origin.count == 1 && !origin_allowed(head.origin.value, settings.origins))
    return forbidden("pages of this Origin may not call here (gateway.origins could name it)");
  return std::nullopt;
}

}  // namespace belay::gateway
