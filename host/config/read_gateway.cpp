// [gateway]: where it listens, and the keys its own callers must show.
#include <algorithm>
#include <charconv>
#include <set>

#include "readers.hpp"
#include "words.hpp"

namespace belay::config {
namespace {

using runtime::GatewayKey;

constexpr std::string_view listen_forms = "\"127.0.0.1:7077\", \"[::1]:7077\" or \"unix:/run/belay/belay.sock\"";

struct Address {
  std::string host;
  bool local = false;  ///< reachable from this machine only
};

std::optional<Address> parse_listen(std::string_view text) {
  if (text.starts_with("unix:")) {
    const auto path = text.substr(5);
    if (!path.starts_with('/') || path.size() > 107) return std::nullopt;  // sun_path
    return Address{std::string(path), true};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const auto host = text.substr(0, colon), digits = text.substr(colon + 1);
  std::uint16_t port = 0;  // 0: the kernel chooses
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  const auto legal = [&](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || (bracketed && (c == ':' || c == '[' || c == ']'));
  };
  if (!std::all_of(host.begin(), host.end(), legal)) return std::nullopt;
  return Address{std::string(host), host == "localhost" || host == "[::1]" || host.starts_with("127.")};
}

void read_listen(Section& gateway, std::vector<std::string>& listen) {
  const auto nodes = gateway.string_or_strings("listen", listen_forms);
  if (!nodes) return;
  const bool has_keys = gateway.find("keys") != nullptr;
  if (nodes->empty()) gateway.error(*gateway.find("listen"), "is empty", std::string(listen_forms));
  listen.clear();
  for (const Node* node : *nodes) {
    const auto address = parse_listen(node->text);
    if (!address) {
      gateway.error(*node, in_quotes(node->text) + " is not an address to listen on", std::string(listen_forms));
    } else if (!address->local && !has_keys) {
      gateway.error(*node, in_quotes(node->text) + " can be reached from other machines, and nobody would need a key",
                    "give [gateway] keys, or listen on 127.0.0.1 or a unix socket");
    } else {
      listen.push_back(node->text);
    }
  }
}

void read_routes_of(Section& section, const Context& context, const runtime::Settings& settings, GatewayKey& key) {
  const auto nodes = section.strings("routes", "routes = [\"compression\"]");
  if (!nodes) return;
  if (section.find("routes")->items.empty())
    section.error(*section.find("routes"), "is empty, which allows nothing", "leave it out to allow every route");
  std::vector<std::string> known = {"auto"};
  for (const auto& route : settings.routes) known.push_back(route.name);
  for (const Node* node : *nodes) {
    if (std::find(known.begin(), known.end(), node->text) != known.end() || !context.whole) {
      key.routes.push_back(node->text);
    } else {
      section.error(*node, "unknown route " + in_quotes(node->text), remedy_for_word(node->text, known, "known are"));
    }
  }
}

void read_keys(Section& gateway, const Context& context, runtime::Settings& settings) {
  constexpr std::string_view shape = "keys = [{ name = \"ci\", sha256 = \"...\", routes = [\"compression\"] }]";
  std::set<std::string> names;
  for (Section& section : gateway.tables("keys", shape)) {
    GatewayKey key;
    if (section.text("name", key.name, "name = \"ci\"")) {
      const Node& node = *section.find("name");
      if (!is_name(key.name))
        section.error(node, in_quotes(key.name) + " is not a name", std::string(name_rule));
      else if (!names.insert(key.name).second)
        section.error(node, in_quotes(key.name) + " is the name of another key", "a different name");
    } else if (section.find("name") == nullptr) {
      section.missing("name", "name = \"ci\"");
    }
    // What stands here may be the key itself by mistake, so it is not quoted.
    constexpr std::string_view digest = "64 hexadecimal digits: printf %s KEY | sha256sum";
    if (section.text("sha256", key.sha256, digest)) {
      if (!is_sha256(key.sha256))
        section.error(*section.find("sha256"), "is not the SHA-256 of a key", std::string(digest));
      key.sha256 = lower_case(key.sha256);
    } else if (section.find("sha256") == nullptr) {
      section.missing("sha256", std::string(digest));
    }
    read_routes_of(section, context, settings, key);
    section.finish();
    settings.gateway.keys.push_back(std::move(key));
  }
}

}  // namespace

void read_gateway(Section& root, const Context& context, runtime::Settings& settings) {
  auto gateway = root.table("gateway");
  if (!gateway) return;
  read_listen(*gateway, settings.gateway.listen);
  read_keys(*gateway, context, settings);
  gateway->finish();
}

}  // namespace belay::config
