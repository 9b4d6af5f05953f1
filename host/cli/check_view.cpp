#include "check_view.hpp"

#include <algorithm>

#include "attempts.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "lists.hpp"
#include "status_view.hpp"
#include "table.hpp"

namespace belay::cli {
namespace {

using credentials::Availability;

std::string target_name(const fallback::RouteEntry& entry) {
  return entry.model.empty() ? entry.provider : entry.provider + "/" + entry.model;
}

Ink ink_of(Availability availability) { return availability == Availability::missing ? Ink::warning : Ink::good; }

std::string provider_table(const CheckReport& report, const Screen& screen) {
  Table table(
      {{"provider", 8}, {"plugin", 0}, {"preset", 0}, {"model", 8}, {"base URL", 16}, {"cost", 0}, {"zone", 0}});
  for (const auto& provider : report.settings->providers) {
    table.add({provider.name, provider.plugin, provider.preset, provider.model, provider.base_url, provider.cost,
               provider.zone});
  }
  return table.text(screen);
}

std::string credential_table(const CheckReport& report, const Screen& screen) {
  Table table(
      {{"credential", 12}, {"type", 0}, {"state", 0}, {"read from", 16}, {"its secrets go only to", 22}, note("note")});
  for (const auto& credential : report.credentials) {
    table.add({credential.provider + "#" + credential.id,
               credential.type,
               {std::string(told(credential.availability)), ink_of(credential.availability)},
               joined(credential.sources),
               joined(credential.origins),
               {credential.why, Ink::dim}});
  }
  return table.text(screen);
}

std::string route_table(const CheckReport& report, const Screen& screen) {
  Table table({{"route", 8}, {"targets, in order", 18}, {"deadline", 0}});
  for (const auto& route : report.settings->routes) {
    std::vector<std::string> targets;
    for (const auto& entry : route.targets) targets.push_back(target_name(entry));
    table.add({route.name, joined(targets, screen.unicode ? " → " : " -> "), format_duration(route.deadline)});
  }
  return table.text(screen);
}

std::string plugin_table(const CheckReport& report, const Screen& screen) {
  Table table({{"plugin", 6}, {"version", 0}, {"state", 0}, {"file", 14}, note("why not")});
  for (const auto& file : report.plugins) {
    const bool used = file.state == plugins::FileState::usable || file.state == plugins::FileState::loaded;
    table.add({file.note ? joined(file.note->types) : "?",
               file.note ? file.note->version : "",
               {std::string(to_string(file.state)), used ? Ink::good : Ink::warning},
               file.path,
               file.why});
  }
  return table.text(screen);
}

std::string probe_table(const CheckReport& report, const Screen& screen) {
  Table table({{"probe", 14}, {"result", 10}, {"took", 0, Side::right}, note("message")});
  for (const Probe& probe : report.probes) {
    const bool answered = probe.error.empty();
    const std::string reason = probe.trace.reason ? std::string(to_string(*probe.trace.reason)) : "failed";
    table.add({probe.target,
               {answered ? "answered" : reason, answered ? Ink::good : Ink::bad},
               took(probe.trace.duration_ms),
               {probe.error, Ink::dim}});
  }
  return table.text(screen);
}

void add_section(std::string& out, const std::string& table) {
  if (!table.empty()) out += table + "\n";
}

std::string verdict_line(const CheckReport& report, const Screen& screen) {
  if (!report.good())
    return paint(screen, Ink::bad, counted(report.errors.size(), "error")) + ", " +
           counted(report.warnings.size(), "warning") + "\n";
  if (!report.answered()) return paint(screen, Ink::bad, "not every target answered") + "\n";
  const std::string facts =
      counted(report.settings->providers.size(), "provider") + ", " + counted(report.settings->routes.size(), "route");
  if (report.warnings.empty()) return paint(screen, Ink::good, "all good") + ": " + facts + "\n";
  return paint(screen, Ink::warning, "usable") + ": " + facts + ", " + counted(report.warnings.size(), "warning") +
         "\n";
}

void write_settings(json::Writer& to, const CheckReport& report) {
  json::key(to, "providers"), to.StartArray();
  for (const auto& provider : report.settings->providers) {
    to.StartObject();
    write_text(to, "name", provider.name);
    write_text(to, "plugin", provider.plugin);
    write_text(to, "preset", provider.preset);
    write_text(to, "model", provider.model);
    write_text(to, "base_url", provider.base_url);
    write_text(to, "cost", provider.cost);
    write_text(to, "zone", provider.zone);
    to.EndObject();
  }
  to.EndArray();
  json::key(to, "routes"), to.StartArray();
  for (const auto& route : report.settings->routes) {
    to.StartObject();
    write_text(to, "name", route.name);
    std::vector<std::string> targets;
    for (const auto& entry : route.targets) targets.push_back(target_name(entry));
    write_list(to, "targets", targets);
    json::key(to, "deadline_ms"), to.Int64(route.deadline.count());
    to.EndObject();
  }
  to.EndArray();
}

void write_findings(json::Writer& to, const CheckReport& report) {
  json::key(to, "plugins"), to.StartArray();
  for (const auto& file : report.plugins) {
    to.StartObject();
    write_text(to, "path", file.path);
    write_list(to, "types", file.note ? file.note->types : std::vector<std::string>());
    write_text(to, "state", to_string(file.state));
    write_text(to, "why", file.why);
    to.EndObject();
  }
  to.EndArray();
  json::key(to, "credentials"), to.StartArray();
  for (const auto& credential : report.credentials) {
    to.StartObject();
    write_text(to, "provider", credential.provider);
    write_text(to, "id", credential.id);
    write_text(to, "type", credential.type);
    write_text(to, "state", told(credential.availability));
    write_text(to, "why", credential.why);
    write_list(to, "sources", credential.sources);
    write_list(to, "origins", credential.origins);
    to.EndObject();
  }
  to.EndArray();
  json::key(to, "probes"), to.StartArray();
  for (const Probe& probe : report.probes) {
    to.StartObject();
    write_text(to, "target", probe.target);
    json::key(to, "answered"), to.Bool(probe.error.empty());
    write_text(to, "error", probe.error);
    json::key(to, "trace"), write(to, probe.trace);
    to.EndObject();
  }
  to.EndArray();
}

}  // namespace

bool CheckReport::answered() const {
  return std::all_of(probes.begin(), probes.end(), [](const Probe& probe) { return probe.error.empty(); });
}

std::string check_text(const CheckReport& report, const Screen& screen) {
  std::string out;
  if (report.files.empty()) {
    out += "no configuration file was found\n\n";
  } else {
    out += paint(screen, Ink::bold, "configuration") + " " + joined(report.files) + "\n\n";
  }
  if (report.settings != nullptr) {
    add_section(out, plugin_table(report, screen));
    add_section(out, provider_table(report, screen));
    add_section(out, credential_table(report, screen));
    add_section(out, route_table(report, screen));
    add_section(out, probe_table(report, screen));
  }
  for (const std::string& warning : report.warnings)
    out += paint(screen, Ink::warning, "warning") + " " + printable(warning) + "\n";
  for (const std::string& error : report.errors)
    out += paint(screen, Ink::bad, "error") + " " + printable(error) + "\n";
  if (!report.warnings.empty() || !report.errors.empty()) out += "\n";
  return out + verdict_line(report, screen);
}

std::string check_json(const CheckReport& report) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  json::key(to, "version"), to.Int(1);
  json::key(to, "ok"), to.Bool(report.good() && report.answered());
  write_list(to, "files", report.files);
  write_list(to, "errors", report.errors);
  write_list(to, "warnings", report.warnings);
  if (report.settings != nullptr) {
    write_settings(to, report);
    write_findings(to, report);
  }
  to.EndObject();
  return line_of(buffer);
}

}  // namespace belay::cli
