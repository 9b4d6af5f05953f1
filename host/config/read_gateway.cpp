// [gateway]: where it listens, and the keys its own callers must show.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <set>

#include "base/file.hpp"
#include "base/origin.hpp"
#include "folders.hpp"
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

void read_count(Section& section, std::string_view name, std::optional<std::int64_t>& to) {
  std::int64_t value = 0;
  if (section.integer(name, value, 1, 1'000'000'000'000)) to = value;
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
    section.flag("sight", key.sight);
    read_count(section, "requests_per_minute", key.requests_per_minute);
    read_count(section, "tokens_per_minute", key.tokens_per_minute);
    read_count(section, "max_concurrency", key.max_concurrency);
    section.finish();
    settings.gateway.keys.push_back(std::move(key));
  }
}

void read_budgets(Section& gateway, const Context& context, runtime::Settings& settings) {
  constexpr std::string_view shape = "budgets = [{ route = \"compression\", requests = 1000, per = \"1h\" }]";
  std::set<std::string> routes;
  std::vector<std::string> known = {"auto"};
  for (const auto& route : settings.routes) known.push_back(route.name);
  for (Section& section : gateway.tables("budgets", shape)) {
    runtime::GatewayBudget budget;
    if (section.text("route", budget.route, "route = \"compression\"")) {
      const Node& node = *section.find("route");
      if (context.whole && std::find(known.begin(), known.end(), budget.route) == known.end())
        section.error(node, "unknown route " + in_quotes(budget.route), remedy_for_word(budget.route, known, "known are"));
      else if (!routes.insert(budget.route).second)
        section.error(node, in_quotes(budget.route) + " has a budget already", "one entry a route");
    } else if (section.find("route") == nullptr) {
      section.missing("route", "route = \"compression\"");
    }
    read_count(section, "requests", budget.requests);
    read_count(section, "tokens", budget.tokens);
    if (section.find("requests") == nullptr && section.find("tokens") == nullptr) section.missing("requests", "requests = 1000, or tokens = 2000000");
    if (!section.duration("per", budget.per, Zero::refused) && section.find("per") == nullptr) section.missing("per", "per = \"1h\"");
    section.finish();
    settings.gateway.budgets.push_back(std::move(budget));
  }
}

void read_pem(Section& tls, const Context& context, std::string_view name, std::string_view example, std::string& to) {
  if (!tls.text(name, to, example)) {
    if (tls.find(name) == nullptr) tls.missing(name, std::string(example));
    return;
  }
  const Node& node = *tls.find(name);
  to = resolved(context.environment, tls.report().file(node.place), to);
  if (::access(to.c_str(), R_OK) != 0) tls.warning(node, "cannot be read: " + errno_text(errno), "a PEM file that belay may read");
}

void read_tls(Section& gateway, const Context& context, runtime::GatewaySettings& to) {
  auto tls = gateway.table("tls");
  if (!tls) return;
  read_pem(*tls, context, "certificate", "certificate = \"/etc/belay/tls.crt\"", to.certificate);
  read_pem(*tls, context, "key", "key = \"/etc/belay/tls.key\"", to.certificate_key);
  tls->finish();
}

void read_names(Section& gateway, std::string_view name, std::string_view example, std::vector<std::string>& to) {
  if (const auto nodes = gateway.strings(name, example)) {
    for (const Node* node : *nodes) to.push_back(lower_case(node->text));
  }
}

void read_origins(Section& gateway, std::vector<std::string>& to) {
  constexpr std::string_view example = "origins = [\"https://tools.example.com\"]";
  const auto nodes = gateway.strings("origins", example);
  if (!nodes) return;
  for (const Node* node : *nodes) {
    const auto origin = origin_of(node->text);
    if (!origin || origin->text() != lower_case(node->text))
      gateway.error(*node, in_quotes(node->text) + " is not a web origin", "scheme, host and port without a path: \"https://tools.example.com\"");
    else
      to.push_back(origin->text());
  }
}

void read_otlp(Section& gateway, runtime::GatewaySettings& to) {
  auto otlp = gateway.table("otlp");
  if (!otlp) return;
  constexpr std::string_view example = "endpoint = \"http://127.0.0.1:4318\"";
  if (otlp->text("endpoint", to.otlp_endpoint, example)) {
    while (to.otlp_endpoint.ends_with('/')) to.otlp_endpoint.pop_back();
    if (!to.otlp_endpoint.starts_with("http://") && !to.otlp_endpoint.starts_with("https://"))
      otlp->error(*otlp->find("endpoint"), in_quotes(to.otlp_endpoint) + " is not an http or https URL", std::string(example));
  } else if (otlp->find("endpoint") == nullptr) {
    otlp->missing("endpoint", std::string(example));
  }
  otlp->text("service_name", to.service_name, "service_name = \"belay\"");
  if (auto headers = otlp->table("headers")) {
    for (const Node* member : headers->rest()) {
      if (member->kind == Node::Kind::string) to.otlp_headers.emplace_back(lower_case(member->key), member->text);
      else headers->wrong_kind(*member, "a string", "headers = { \"x-api-key\" = \"...\" }");
    }
  }
  otlp->finish();
}

}  // namespace

void read_gateway(Section& root, const Context& context, runtime::Settings& settings) {
  auto gateway = root.table("gateway");
  if (!gateway) return;
  auto& to = settings.gateway;
  read_listen(*gateway, to.listen);
  read_keys(*gateway, context, settings);
  read_budgets(*gateway, context, settings);
  read_tls(*gateway, context, to);
  read_names(*gateway, "hosts", "hosts = [\"belay.internal\"]", to.hosts);
  read_origins(*gateway, to.origins);
  gateway->integer("workers", to.workers, 0, 256);
  gateway->integer("max_body_bytes", to.max_body_bytes, 1024, std::int64_t{1} << 30);
  gateway->integer("max_connections", to.max_connections, 1, 1'000'000);
  gateway->duration("idle_timeout", to.idle_timeout, Zero::refused);
  gateway->duration("keep_alive_interval", to.keep_alive_interval, Zero::allowed);
  gateway->duration("drain_timeout", to.drain_timeout, Zero::allowed);
  gateway->flag("watch", to.watch);
  std::string log;
  if (gateway->text("access_log", log, "access_log = \"stderr\"")) {
    const bool word = log == "off" || log == "stderr" || log == "stdout";
    if (!word && !log.starts_with('/'))
      gateway->error(*gateway->find("access_log"), in_quotes(log) + " is no place for a log", "\"off\", \"stderr\", \"stdout\" or the whole path of a file");
    else
      to.access_log = log;
  }
  read_otlp(*gateway, to);
  gateway->integer("traces", to.traces, 0, 1'000'000);
  gateway->finish();
}

}  // namespace belay::config
