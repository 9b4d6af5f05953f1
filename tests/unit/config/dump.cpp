#include <sstream>

#include "world.hpp"

namespace belay::config {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

std::string source(const credentials::Source& source) {
  return source.shown() + "=" + std::string(source.value.reveal());
}

void dump_provider(std::ostream& out, const runtime::ProviderSettings& p) {
  const std::string at = "provider." + p.name + ".";
  out << at << "plugin " << p.plugin << "\n"
      << at << "preset " << p.preset << "\n"
      << at << "base_url " << p.base_url << "\n";
  out << at << "model " << p.model << "\n"
      << at << "cost " << p.cost << "\n"
      << at << "zone " << p.zone << "\n"
      << at << "options " << p.options << "\n";
  for (const auto& [name, facts] : p.models) {
    out << at << "models." << name << " context " << (facts.context ? std::to_string(*facts.context) : "-");
    for (const auto& [capability, has] : facts.capabilities) out << " " << capability << "=" << has;
    out << "\n";
  }
  for (const auto& [name, value] : p.endpoint.headers) out << at << "header " << name << ": " << value << "\n";
  out << at << "proxy " << p.endpoint.proxy << "\n" << at << "ca_file " << p.endpoint.ca_file << "\n";
  out << at << "pool " << p.pool.provider << " " << p.pool.origin << " strategy " << static_cast<int>(p.pool.strategy)
      << "\n";
  for (const auto& credential : p.pool.credentials) {
    out << at << "credential " << credential.id << " " << credential.type << " write_back " << credential.write_back
        << " origins " << joined(credential.allow_origins);
    for (const auto& [key, value] : credential.sources) out << " " << key << "<" << source(value) << ">";
    for (const auto& [key, value] : credential.fields) out << " " << key << "=" << value;
    out << "\n";
  }
}

void dump_route(std::ostream& out, const fallback::RouteSettings& r) {
  const std::string at = "route." + r.name + ".";
  for (const auto& target : r.targets) {
    out << at << "target " << target.provider << "/" << target.model << " on "
        << (target.on ? target.on->to_string() : "-") << "\n";
  }
  out << at << "times " << r.deadline.count() << " " << r.attempt_timeout.count() << " " << r.connect_timeout.count()
      << " " << r.first_token_timeout.count() << " " << r.idle_timeout.count() << " " << r.retry_after_max.count()
      << " " << r.backoff.count() << "\n";
  out << at << "retries " << r.transient_retries << " " << r.retry_on_timeout << " concurrency " << r.max_concurrency
      << " context " << r.min_context << "\n";
  out << at << "requires " << joined(r.requires_) << " cost " << (r.allow_cost ? joined(*r.allow_cost) : "-")
      << " zones " << (r.allow_zones ? joined(*r.allow_zones) : "-") << "\n";
  for (const auto& [name, value] : r.params) out << at << "param " << name << "=" << value << "\n";
  for (const auto& [reason, verdict] : r.on)
    out << at << "on " << to_string(reason) << "=" << to_string(verdict) << "\n";
}

}  // namespace

std::string dump(const runtime::Settings& s) {
  std::ostringstream out;
  out << "state " << s.state << "\nstate_key " << (s.state_key ? source(*s.state_key) : "-") << "\n";
  out << "plugin_dirs " << joined(s.loader.dirs) << "\ntrust " << static_cast<int>(s.loader.trust) << "\n";
  for (const auto& [type, policy] : s.loader.policies) {
    out << "plugins." << type << " " << policy.enabled << " " << joined(policy.sha256) << " "
        << static_cast<int>(policy.isolation) << "\n";
  }
  for (const auto& provider : s.providers) dump_provider(out, provider);
  for (const auto& route : s.routes) dump_route(out, route);
  out << "auto " << (s.auto_providers ? joined(*s.auto_providers) : "-") << "\n";
  const auto& h = s.holds;
  out << "holds";
  for (const Millis span : {h.auth, h.quota, h.rate, h.overloaded, h.endpoint, h.model, h.plugin, h.max})
    out << " " << span.count();
  out << "\nlisten " << joined(s.gateway.listen) << "\n";
  for (const auto& key : s.gateway.keys)
    out << "key " << key.name << " " << key.sha256 << " " << joined(key.routes) << " " << key.sight << " " << key.requests_per_minute.value_or(0) << " "
        << key.tokens_per_minute.value_or(0) << " " << key.max_concurrency.value_or(0) << "\n";
  for (const auto& budget : s.gateway.budgets)
    out << "budget " << budget.route << " " << budget.requests.value_or(0) << " " << budget.tokens.value_or(0) << " " << budget.per.count() << "\n";
  const auto& g = s.gateway;
  out << "gateway " << g.workers << " " << g.certificate << " " << g.certificate_key << " " << joined(g.hosts) << " " << joined(g.origins) << " " << g.max_body_bytes << " "
      << g.max_connections << " " << g.idle_timeout.count() << " " << g.keep_alive_interval.count() << " " << g.drain_timeout.count() << " " << g.watch << " "
      << g.access_log << " " << g.otlp_endpoint << " " << g.service_name << " " << g.otlp_headers.size() << " " << g.traces << "\n";
  return out.str();
}

}  // namespace belay::config
