#include "explain_view.hpp"

#include <algorithm>
#include <map>

#include "lists.hpp"
#include "table.hpp"

namespace belay::cli {
namespace {

using runtime::ExplainedReason;
using runtime::ExplainedTarget;
using runtime::Explanation;

std::string head_line(const Explanation& explanation, const Screen& screen) {
  const auto in = std::count_if(explanation.targets.begin(), explanation.targets.end(),
                                [](const auto& target) { return target.included; });
  std::string text = paint(screen, Ink::bold, (explanation.direct ? "target " : "route ") + explanation.route);
  text += ": " + std::to_string(in) + " of " + std::to_string(explanation.targets.size()) +
          (explanation.targets.size() == 1 ? " target" : " targets") + " would be asked";
  text += ", at most " + std::to_string(explanation.requests) + (explanation.requests == 1 ? " request" : " requests");
  return text + " in " + format_duration(explanation.deadline) + "\n";
}

/// The first word of a state: "in", "held", "credential_missing", "allow_cost".
std::string word_of(const ExplainedTarget& target) { return target.state.substr(0, target.state.find(':')); }

/// What follows that word, and the credentials as far as they say something else.
std::string remark(const ExplainedTarget& target) {
  std::vector<std::string> parts;
  const std::string word = word_of(target);
  if (target.state.size() > word.size() + 2) parts.push_back(target.state.substr(word.size() + 2));
  for (const std::string& credential : target.credentials) {
    const std::size_t colon = credential.find(": ");
    const std::size_t detail = colon == std::string::npos ? colon : credential.find(": ", colon + 2);
    const bool said = detail != std::string::npos && target.state.ends_with(credential.substr(detail));
    parts.push_back(said ? credential.substr(0, detail) : credential);
  }
  return joined(parts, "; ");
}

std::string target_table(const Explanation& explanation, const Screen& screen) {
  Table table({{"#", 0, Side::right},
               {"target", 14},
               {"state", 0},
               {"plugin", 0},
               {"cost", 0},
               {"zone", 0},
               {"opens for", 9},
               {"requests", 0, Side::right},
               note("why, and its credentials")});
  int n = 0;
  for (const ExplainedTarget& target : explanation.targets) {
    table.add({{std::to_string(++n), Ink::dim},
               target.target,
               {word_of(target), target.included ? Ink::good : Ink::warning},
               target.plugin,
               target.cost,
               target.zone,
               target.on,
               target.included ? std::to_string(target.requests) : "-",
               {remark(target), Ink::dim}});
  }
  return table.text(screen);
}

std::string origin_table(const Explanation& explanation, const Screen& screen) {
  Table table({{"provider", 8}, {"its secrets go only to", 22}});
  std::vector<std::string> seen;
  for (const ExplainedTarget& target : explanation.targets) {
    const std::string provider = target.target.substr(0, target.target.find('/'));
    if (target.origins.empty() || std::find(seen.begin(), seen.end(), provider) != seen.end()) continue;
    seen.push_back(provider);
    table.add({provider, joined(target.origins)});
  }
  return table.text(screen);
}

std::string reason_table(const Explanation& explanation, std::optional<fallback::Reason> only, const Screen& screen) {
  Table table({{"if it fails with", 0}, {"on the target", 16}, {"then", 12}, {"what is held", 12}});
  for (const ExplainedReason& row : explanation.reasons) {
    if (only && row.reason != *only) continue;
    table.add({{std::string(to_string(row.reason)), Ink::bold}, row.here, row.then, {row.hold, Ink::dim}});
  }
  return table.text(screen);
}

/// null: undeclared.
void write_declared(json::Writer& to, std::string_view name, const std::string& value) {
  json::key(to, name);
  if (value.empty()) {
    to.Null();
  } else {
    json::str(to, value);
  }
}

void write_target(json::Writer& to, const ExplainedTarget& target) {
  to.StartObject();
  write_text(to, "target", target.target);
  json::key(to, "included"), to.Bool(target.included);
  write_text(to, "state", target.state);
  write_text(to, "plugin", target.plugin);
  write_declared(to, "cost", target.cost);
  write_declared(to, "zone", target.zone);
  write_declared(to, "on", target.on);
  write_list(to, "credentials", target.credentials);
  write_list(to, "origins", target.origins);
  json::key(to, "requests"), to.Int(target.requests);
  to.EndObject();
}

}  // namespace

std::string explain_text(const Explanation& explanation, std::optional<fallback::Reason> only, const Screen& screen) {
  std::string text = head_line(explanation, screen) + "\n" + target_table(explanation, screen);
  if (!only) {
    if (const std::string origins = origin_table(explanation, screen); !origins.empty()) text += "\n" + origins;
  }
  return text + "\n" + reason_table(explanation, only, screen);
}

std::string explain_json(const Explanation& explanation, std::optional<fallback::Reason> only) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  json::key(to, "version"), to.Int(1);
  write_text(to, "route", explanation.route);
  json::key(to, "direct"), to.Bool(explanation.direct);
  json::key(to, "deadline_ms"), to.Int64(explanation.deadline.count());
  json::key(to, "requests"), to.Int(explanation.requests);
  json::key(to, "targets"), to.StartArray();
  for (const ExplainedTarget& target : explanation.targets) write_target(to, target);
  to.EndArray();
  json::key(to, "reasons"), to.StartArray();
  for (const ExplainedReason& row : explanation.reasons) {
    if (only && row.reason != *only) continue;
    to.StartObject();
    write_text(to, "reason", to_string(row.reason));
    write_text(to, "here", row.here);
    write_text(to, "then", row.then);
    write_text(to, "hold", row.hold);
    to.EndObject();
  }
  to.EndArray();
  to.EndObject();
  return line_of(buffer);
}

}  // namespace belay::cli
