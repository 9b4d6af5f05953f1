#include "host_rules.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace belay::gateway {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

struct Parts {
  std::string_view name;  ///< "[::1]" with its brackets
  std::string_view port;
  bool ok = true;
};

Parts split(std::string_view host) {
  Parts out;
  const std::size_t end = host.starts_with('[') ? host.find(']') : host.find(':');
  if (host.starts_with('[')) {
    if (end == std::string_view::npos) return {{}, {}, false};
    out.name = host.substr(0, end + 1);
  } else {
    out.name = host.substr(0, end);
  }
  const auto rest = host.substr(out.name.size());
  if (!rest.empty() && rest.front() != ':') return {{}, {}, false};
  if (!rest.empty()) out.port = rest.substr(1);
  return out;
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  if (text.empty()) return true;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port <= 65535;
}

bool is_ipv6(std::string_view bracketed) {
  in6_addr address{};
  const std::string text(bracketed.substr(1, bracketed.size() - 2));
  return text.size() < 64 && ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_name_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~'; }

/// Four decimal numbers and nothing else: "127.1" and "127.evil.example" are no addresses here.
bool is_ipv4_loopback(std::string_view name) {
  in_addr address{};
  if (!name.starts_with("127.") || name.size() > 15) return false;
  return ::inet_pton(AF_INET, std::string(name).c_str(), &address) == 1;
}

}  // namespace

bool well_formed_host(std::string_view host) {
  const Parts parts = split(host);
  if (!parts.ok || parts.name.empty() || parts.name.size() > 255 || !is_port(parts.port)) return false;
  if (parts.name.front() == '[') return is_ipv6(parts.name);
  return std::all_of(parts.name.begin(), parts.name.end(), is_name_char);
}

bool is_loopback_host(std::string_view host) {
  const Parts parts = split(host);
  if (!parts.ok || !is_port(parts.port)) return false;
  auto name = parts.name;
  if (name.ends_with('.')) name.remove_suffix(1);
  return same(name, "localhost") || name == "[::1]" || is_ipv4_loopback(name);
}

bool host_allowed(std::string_view host, std::span<const std::string> hosts) {
  if (is_loopback_host(host)) return true;
  const Parts parts = split(host);
  return parts.ok && std::any_of(hosts.begin(), hosts.end(), [&](const std::string& one) { return same(one, host) || same(one, parts.name); });
}

bool origin_allowed(std::string_view origin, std::span<const std::string> origins) {
  if (origin.empty() || origin == "null") return false;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme) && is_loopback_host(origin.substr(scheme.size()))) return true;
  }
  return std::any_of(origins.begin(), origins.end(), [&](const std::string& one) { return same(one, origin); });
}

}  // namespace belay::gateway
