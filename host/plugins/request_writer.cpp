#include "request_writer.hpp"

#include <algorithm>
#include <array>

#include "sized.hpp"
#include "words.hpp"

namespace belay::plugins {
namespace {

constexpr std::string_view function = "build_request";
constexpr std::size_t longest_url = 16u << 10, longest_value = 64u << 10, most_header_bytes = 256u << 10,
                      most_headers = 128;
constexpr std::size_t largest_body = std::size_t{256} << 20;
// A shorter value would be found in ordinary words; no provider's keys are that short.
constexpr std::size_t shortest_secret = 6;

/// Framing and the connection are the host's: a plugin that set one of these could smuggle a second request.
constexpr std::array<std::string_view, 12> hosts_own = {
    "host",   "content-length",   "transfer-encoding",   "connection",        "te", "upgrade", "keep-alive", "trailer",
    "expect", "proxy-connection", "proxy-authorization", "proxy-authenticate"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool encoded =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    out += encoded ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (encoded) i += 2;
  }
  return out;
}

bool legal_url(std::string_view url) {
  return url.size() <= longest_url && std::all_of(url.begin(), url.end(), [](char c) {
           return c > 0x20 && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>';
         });
}

}  // namespace

bool AllowedOrigins::allows(const Origin& origin) const {
  return std::find(own.begin(), own.end(), origin) != own.end() ||
         std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& pattern) { return origin_matches(origin, pattern); });
}

belay_status RequestWriter::breach(std::string_view what) {
  latch_.latch(function, what);
  return BELAY_ERR_CONTRACT;
}

bool RequestWriter::tells_secret(std::string_view text) const {
  if (credential_ == nullptr) return false;
  const std::string decoded = text.find('%') == std::string_view::npos ? std::string() : percent_decoded(text);
  for (const auto& field : Fields(credential_->fields)) {
    const auto secret = view(field.value);
    if ((field.flags & BELAY_SECRET) == 0 || secret.size() < shortest_secret) continue;
    if (text.find(secret) != std::string_view::npos || decoded.find(secret) != std::string::npos) return true;
  }
  return false;
}

belay_status RequestWriter::on_line(void* host, belay_str method, belay_str url) {
  auto& self = *static_cast<RequestWriter*>(host);
  if (self.latch_.latched()) return BELAY_ERR_CONTRACT;
  if (!readable(method) || !readable(url)) return self.breach("it wrote a line that can't be read");
  return self.line(view(method), view(url));
}

belay_status RequestWriter::line(std::string_view method, std::string_view url) {
  if (step_ != Step::line) return breach("it wrote a second line");
  if (!header_name(method) || method.size() > 32 || method == "CONNECT")
    return breach("it wrote a method that is not legal");
  if (!legal_url(url))
    return breach("it wrote a URL that is not legal (ASCII without spaces and control characters, 16 KiB at most)");
  if (tells_secret(url)) return breach("it wrote a secret into the URL");
  const auto origin = origin_of(url);
  if (!origin) return breach("it wrote a URL that is not legal (" + origin.error().message + ")");
  if (!origins_.allows(*origin))
    return breach("it wrote a URL at " + origin->text() +
                  ", which is neither the provider's base URL nor named in its note");
  out_.method = method;
  out_.url = url;
  step_ = Step::headers;
  return BELAY_OK;
}

belay_status RequestWriter::on_header(void* host, belay_str name, belay_str value, std::uint32_t flags) {
  auto& self = *static_cast<RequestWriter*>(host);
  if (self.latch_.latched()) return BELAY_ERR_CONTRACT;
  if (!readable(name) || !readable(value)) return self.breach("it wrote a header that can't be read");
  return self.header(view(name), view(value), (flags & BELAY_SECRET) != 0);
}

belay_status RequestWriter::header(std::string_view name, std::string_view value, bool secret) {
  if (step_ == Step::line) return breach("it wrote a header before the line");
  if (step_ != Step::headers) return breach("it wrote a header after the body");
  if (!header_name(name)) return breach("it wrote a header whose name is not legal");
  const std::string known = lower(name);
  if (std::find(hosts_own.begin(), hosts_own.end(), known) != hosts_own.end())
    return breach("it wrote the header \"" + known + "\", which is the host's");
  if (value.size() > longest_value || !header_value(value))
    return breach("it wrote the header \"" + known + "\" with a control character or more than 64 KiB");
  header_bytes_ += name.size() + value.size() + 4;
  if (out_.headers.size() == most_headers || header_bytes_ > most_header_bytes)
    return breach("it wrote more than 128 headers or 256 KiB of them");
  // Whatever is in these is one, also in a form that can't be recognised: base64 of "user:secret", a signature.
  const bool marked = secret || known == "authorization" || known == "cookie";
  if (!marked && tells_secret(value))
    return breach("it wrote a secret into the header \"" + known + "\" without BELAY_SECRET");
  out_.headers.push_back({std::string(name), std::string(value), marked});
  return BELAY_OK;
}

belay_status RequestWriter::on_body(void* host, belay_bytes piece) {
  auto& self = *static_cast<RequestWriter*>(host);
  if (self.latch_.latched()) return BELAY_ERR_CONTRACT;
  if (self.step_ == Step::line) return self.breach("it wrote a body before the line");
  if (self.step_ == Step::given) return self.breach("it wrote a body after body_as_given()");
  if (!readable(piece, largest_body) || self.out_.body.size() + piece.len > largest_body)
    return self.breach("it wrote a body that can't be read or has more than 256 MiB");
  self.step_ = Step::body;
  self.out_.body.append(view(piece));
  return BELAY_OK;
}

belay_status RequestWriter::on_body_as_given(void* host) {
  auto& self = *static_cast<RequestWriter*>(host);
  if (self.latch_.latched()) return BELAY_ERR_CONTRACT;
  if (self.step_ != Step::headers)
    return self.breach(self.step_ == Step::line ? "it wrote a body before the line"
                                                : "it called body_as_given() after a body");
  self.step_ = Step::given;
  self.out_.body_as_given = true;
  return BELAY_OK;
}

}  // namespace belay::plugins
