#include "base/origin.hpp"

#include <algorithm>
#include <charconv>

namespace belay {
namespace {

// Not <cctype>: an embedding program may have set a locale in which 'I' is not the capital of 'i'.
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool hex_digit(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

bool legal_host(std::string_view host) {
  if (host.empty() || host.size() > 255) return false;
  if (host.front() == '[') {
    return host.back() == ']' && host.size() > 3 &&
           std::all_of(host.begin() + 1, host.end() - 1, [](char c) { return hex_digit(c) || c == ':' || c == '.'; });
  }
  return std::all_of(host.begin(), host.end(),
                     [](char c) { return letter(c) || digit(c) || c == '-' || c == '.' || c == '_'; });
}

}  // namespace

std::string Origin::text() const {
  std::string out = scheme + "://" + host;
  if (port != default_port(scheme)) out += ":" + std::to_string(port);
  return out;
}

Result<Origin> origin_of(std::string_view url) {
  const auto bad = [](const std::string& why) { return fail("not a usable URL: " + why); };
  if (std::any_of(url.begin(), url.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f; }))
    return bad("it holds a space or control character");
  // Programs disagree on which host "http://a\@b/" names.
  if (url.find('\\') != std::string_view::npos) return bad("it holds a backslash");
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return bad("it has no scheme (write http:// or https://)");
  Origin origin;
  origin.scheme = lower(url.substr(0, colon));
  if (origin.scheme != "http" && origin.scheme != "https") return bad("its scheme is neither http nor https");
  const auto rest = url.substr(colon + 3);
  auto authority = rest.substr(0, std::min(rest.size(), rest.find_first_of("/?#")));
  if (authority.find('@') != std::string_view::npos) return bad("it holds user information (use a credential instead)");
  const auto host_end = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
  const auto port_at = authority.find(':', host_end == std::string_view::npos ? 0 : host_end);
  origin.host = lower(authority.substr(0, std::min(authority.size(), port_at)));
  if (!legal_host(origin.host)) return bad("its host name is empty or not legal");
  origin.port = default_port(origin.scheme);
  if (port_at != std::string_view::npos) {
    const auto digits = authority.substr(port_at + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), origin.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || origin.port == 0)
      return bad("its port is not a number from 1 to 65535");
  }
  return origin;
}

bool origin_matches(const Origin& origin, std::string_view pattern) {
  const auto wild = pattern.find("://*.");
  if (wild == std::string_view::npos) {
    const auto other = origin_of(pattern);
    return other && *other == origin;
  }
  const auto other = origin_of(std::string(pattern.substr(0, wild + 3)) + std::string(pattern.substr(wild + 5)));
  return other && other->scheme == origin.scheme && other->port == origin.port &&
         origin.host.size() > other->host.size() + 1 && origin.host.ends_with("." + other->host);
}

}  // namespace belay
