// How a provider is reached: headers, proxy, ca_file of [provider.NAME].
#include <unistd.h>

#include <algorithm>
#include <array>

#include "folders.hpp"
#include "readers.hpp"
#include "words.hpp"

namespace belay::config {
namespace {

/// What frames a message or a connection belongs to the HTTP layer, and the host to base_url: a second opinion is how
/// requests get smuggled.
constexpr std::array<std::string_view, 12> framing = {
    "connection",          "content-length",   "expect", "host",    "http2-settings",    "keep-alive",
    "proxy-authorization", "proxy-connection", "te",     "trailer", "transfer-encoding", "upgrade"};

bool is_token(std::string_view name) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool is_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](unsigned char c) { return c == '\t' || (c >= 0x20 && c < 0x7f); });
}

/// Values are never shown: they may be secrets.
void read_header(const Section& headers, const Node& member, http::EndpointSettings& endpoint) {
  const std::string name = lower_case(member.key);
  const auto same = [&](const auto& header) { return lower_case(header.first) == name; };
  if (!is_token(member.key)) return headers.error(member, "is not a legal header name", "letters, digits and '-'");
  if (std::find(framing.begin(), framing.end(), name) != framing.end()) {
    return headers.error(member, "is a header that belay decides itself",
                         name == "host" ? "base_url names the host" : "leave it out");
  }
  if (member.kind != Node::Kind::string)
    return headers.wrong_kind(member, "a string", "headers = { \"X-Team\" = \"tools\" }");
  if (!is_value(member.text))
    return headers.error(member, "holds a character that is not legal in a header", "printable ASCII");
  if (member.text.starts_with(' ') || member.text.ends_with(' '))
    return headers.error(member, "begins or ends with a space", "no space there");
  if (std::any_of(endpoint.headers.begin(), endpoint.headers.end(), same)) {
    return headers.error(member, "is given twice, in two spellings",
                         "one of them; case does not matter in header names");
  }
  endpoint.headers.emplace_back(member.key, member.text);
}

void read_proxy(Section& provider, std::string& proxy) {
  constexpr std::string_view schemes[] = {"http://", "https://", "socks4://", "socks4a://", "socks5://", "socks5h://"};
  constexpr std::string_view forms =
      "\"http://HOST:PORT\", \"https://...\", \"socks5h://...\" or \"none\" for a direct connection";
  std::string text;
  if (!provider.text("proxy", text, forms)) return;
  const auto names = [&](std::string_view scheme) { return text.starts_with(scheme) && text.size() > scheme.size(); };
  const bool known = text == "none" || std::any_of(std::begin(schemes), std::end(schemes), names);
  if (!known || text.find(' ') != std::string::npos)
    return provider.error(*provider.find("proxy"), "is not a proxy", std::string(forms));
  proxy = text;
}

void read_ca_file(Section& provider, const Context& context, std::string& ca_file) {
  if (!provider.text("ca_file", ca_file, "ca_file = \"/etc/ssl/corporate.pem\"")) return;
  const Node& node = *provider.find("ca_file");
  ca_file = resolved(context.environment, provider.report().file(node.place), ca_file);
  // Other providers can still answer, so this is no error.
  if (::access(ca_file.c_str(), R_OK) != 0)
    provider.warning(node, "cannot be read: calls to this provider will fail", "a PEM file");
}

}  // namespace

void read_endpoint(Section& provider, const Context& context, http::EndpointSettings& endpoint) {
  if (auto headers = provider.table("headers")) {
    for (const Node* member : headers->rest()) read_header(*headers, *member, endpoint);
  }
  read_proxy(provider, endpoint.proxy);
  read_ca_file(provider, context, endpoint.ca_file);
}

}  // namespace belay::config
