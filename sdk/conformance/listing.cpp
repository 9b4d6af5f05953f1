#include "listing.hpp"

#include <optional>

#include "base/json.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t columns = 100;

std::string_view word_of(Severity severity) { return severity == Severity::must ? "must" : "should"; }

std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t width = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    if (width > 0 && width + 1 + word.size() > columns) {
      out += '\n';
      width = 0;
    } else if (width > 0) {
      out += ' ';
      ++width;
    }
    out += word;
    width += word.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void write_rules(json::Writer& to, std::string_view rules) {
  to.StartArray();
  while (!rules.empty()) {
    const std::size_t end = std::min(rules.find(' '), rules.size());
    if (end > 0) json::str(to, rules.substr(0, end));
    rules.remove_prefix(std::min(end + 1, rules.size()));
  }
  to.EndArray();
}

}  // namespace

std::string list_text(std::span<const Check* const> checks) {
  std::string out;
  std::optional<Group> group;
  for (const Check* check : checks) {
    if (group != check->group) {
      out += std::string(group ? "\n" : "") + std::string(to_string(check->group)) + "\n";
      group = check->group;
    }
    std::string severity(word_of(check->severity));
    severity.resize(6, ' ');
    out += "  " + std::string(check->id) + "  " + severity + "  " + std::string(check->title) + "\n";
  }
  return out;
}

std::string list_json(std::span<const Check* const> checks) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  json::key(to, "version");
  to.Int(1);
  json::key(to, "checks");
  to.StartArray();
  for (const Check* check : checks) {
    to.StartObject();
    for (const auto& [name, value] : {std::pair<std::string_view, std::string_view>{"id", check->id}, {"group", to_string(check->group)},
                                      {"severity", word_of(check->severity)}, {"title", check->title}}) {
      json::key(to, name);
      json::str(to, value);
    }
    json::key(to, "rules");
    write_rules(to, check->rules);
    json::key(to, "limit_s");
    to.Int64(check->limit.count());
    json::key(to, "explain");
    json::str(to, check->explain);
    to.EndObject();
  }
  to.EndArray();
  to.EndObject();
  return std::string(json::view(buffer)) + "\n";
}

std::string explanation(const Check& check) {
  return std::string(check.id) + ": " + std::string(check.title) + "\n" + std::string(to_string(check.group)) + ", " + std::string(word_of(check.severity)) +
         ", by " + std::string(check.rules) + "; at most " + std::to_string(check.limit.count()) + " s\n\n" + wrapped(check.explain) + "\n";
}

}  // namespace belay::conform
