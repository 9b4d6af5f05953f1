// packaging/observability: its expressions are PromQL, and what they ask for is what /metrics has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "promtool.hpp"
#include "rig.hpp"
#include "samples.hpp"

namespace belay::gateway::test {
namespace {

using testing::Contains;
using testing::Key;

const std::string folder = OBSERVABILITY_DIR;

/// Family -> the labels of its samples.
using Families = std::map<std::string, std::set<std::string>>;

std::string family_of(const Families& families, const std::string& name) {
  for (const std::string suffix : {"_bucket", "_sum", "_count"}) {
    if (name.ends_with(suffix) && families.contains(name.substr(0, name.size() - suffix.size())))
      return name.substr(0, name.size() - suffix.size());
  }
  return name;
}

/// Every family that a gateway shows once it has something to tell.
Families real_families() {
  Rig rig(two_providers());
  Sample sample;
  sample.record.first_content = Millis(10);
  rig.ended(0, sample.record);
  rig.on_loop(0, [](SightWorker& worker) { worker.limited(Limit::key_requests, "ci"); });
  Families out;
  std::istringstream text(rig.metrics().body);
  const std::regex label("([a-z_]+)=\"");
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("# TYPE ")) out[line.substr(7, line.find(' ', 7) - 7)];
    if (line.starts_with("#")) continue;
    auto& labels = out[family_of(out, line.substr(0, line.find_first_of("{ ")))];
    for (std::sregex_iterator found(line.begin(), line.end(), label), end; found != end; ++found)
      labels.insert((*found)[1]);
  }
  // Shown where the runtime has such: holds, and credentials that expire.
  out["belay_holds"] = {"scope", "reason"};
  out["belay_credential_expiry_timestamp_seconds"] = {"provider", "credential"};
  return out;
}

/// Names of metrics, and the labels of their selectors and groupings, that are not in /metrics.
std::vector<std::string> unknown_in(const std::string& text, const Families& families) {
  std::vector<std::string> out;
  static const std::regex metric(R"(\b((?:belay|process)_[a-z_]+)(\{[^}]*\})?)"),
      label(R"(([a-z_]+)\s*(?:=~|!~|!=|=)\s*")");
  for (std::sregex_iterator found(text.begin(), text.end(), metric), end; found != end; ++found) {
    const std::string name = family_of(families, (*found)[1]), selector = (*found)[2];
    if (!families.contains(name)) {
      out.push_back(name);
      continue;
    }
    for (std::sregex_iterator one(selector.begin(), selector.end(), label); one != end; ++one) {
      const std::string word = (*one)[1];
      if (word != "job" && word != "instance" && !families.at(name).contains(word))
        out.push_back(name + "{" + word + "}");
    }
  }
  return out;
}

void collect(const json::Value& value, std::string_view member, std::vector<std::string>& out) {
  if (value.IsArray()) {
    for (const auto& one : value.GetArray()) collect(one, member, out);
  } else if (value.IsObject()) {
    for (const auto& one : value.GetObject()) {
      if (json::view(one.name) == member && one.value.IsString())
        out.emplace_back(json::view(one.value));
      else
        collect(one.value, member, out);
    }
  }
}

std::vector<std::string> expressions(const json::Document& dashboard) {
  std::vector<std::string> out;
  collect(dashboard, "expr", out);
  return out;
}

std::string with_variables_filled_in(std::string expression) {
  for (const auto& [variable, value] :
       {std::pair("$__rate_interval", "5m"), std::pair("$__range", "1h"), std::pair("$instance", ".*"),
        std::pair("$route", ".*"), std::pair("$provider", ".*")}) {
    for (auto at = expression.find(variable); at != std::string::npos; at = expression.find(variable))
      expression.replace(at, std::string_view(variable).size(), value);
  }
  return expression;
}

json::Document dashboard() { return *json::parse(content_of(folder + "/belay.dashboard.json")); }

TEST(Rules, AreAcceptedAndFireWhenTheyShould) {
  const Ran checked = promtool({"check", "rules", folder + "/belay.rules.yml"});
  EXPECT_EQ(checked.exit, 0) << checked.said;
  const Ran tested = promtool({"test", "rules", folder + "/belay.rules.test.yml"});
  EXPECT_EQ(tested.exit, 0) << tested.said;
}

TEST(Rules, EachHasATest) {
  const std::string rules = content_of(folder + "/belay.rules.yml"),
                    tests = content_of(folder + "/belay.rules.test.yml");
  const std::regex alert("- alert: (\\w+)");
  int count = 0;
  for (std::sregex_iterator found(rules.begin(), rules.end(), alert), end; found != end; ++found, ++count) {
    EXPECT_TRUE(std::regex_search(tests, std::regex("alertname: " + (*found)[1].str() + "\\n\\s+exp_alerts:")))
        << (*found)[1];
  }
  EXPECT_GE(count, 10);
}

TEST(Rules, NameOnlyMetricsAndLabelsThatExist) {
  const Families families = real_families();
  EXPECT_EQ(unknown_in(content_of(folder + "/belay.rules.yml"), families), std::vector<std::string>{});
  EXPECT_EQ(unknown_in(content_of(folder + "/belay.rules.test.yml"), families), std::vector<std::string>{});
}

TEST(Dashboard, EveryExpressionParses) {
  std::string rules = "groups:\n- name: dashboard\n  rules:\n";
  int count = 0;
  for (const std::string& expression : expressions(dashboard())) {
    rules += "  - {record: dashboard:panel" + std::to_string(++count) +
             ", expr: " + json::quoted(with_variables_filled_in(expression)) + "}\n";
  }
  EXPECT_GT(count, 40);
  EXPECT_EQ(rules.find('$'), std::string::npos) << "a variable that the test does not know";
  const Folder place;
  ASSERT_TRUE(write_file(place.file("rules.yml"), rules, 0600, Durable::no).ok());
  const Ran checked = promtool({"check", "rules", place.file("rules.yml")});
  EXPECT_EQ(checked.exit, 0) << checked.said;
}

TEST(Dashboard, NamesOnlyMetricsAndLabelsThatExist) {
  const Families families = real_families();
  const auto document = dashboard();
  for (const std::string& expression : expressions(document))
    EXPECT_EQ(unknown_in(expression, families), std::vector<std::string>{}) << expression;
  std::vector<std::string> queries;
  collect(document, "definition", queries);
  const std::regex of_label(R"(label_values\((\w+), (\w+)\))");
  for (const std::string& query : queries) {
    std::smatch words;
    ASSERT_TRUE(std::regex_match(query, words, of_label)) << query;
    ASSERT_THAT(families, Contains(Key(words[1].str())));
    EXPECT_TRUE(words[2] == "instance" || families.at(words[1]).contains(words[2])) << query;
  }
}

TEST(Dashboard, ShowsEveryMetricOfOurs) {
  const std::string text = content_of(folder + "/belay.dashboard.json") + content_of(folder + "/belay.rules.yml");
  for (const auto& family : real_families()) {
    const bool plain = family.first == "belay_access_log_lines_total" || family.first == "belay_spans_exported_total" ||
                       family.first == "belay_configuration_reloads_total";
    if (plain || !family.first.starts_with("belay_")) continue;
    EXPECT_NE(text.find(family.first), std::string::npos) << family.first;
  }
}

TEST(Dashboard, PanelsHaveTheirOwnIdsAndDontOverlap) {
  const auto document = dashboard();
  std::set<int> ids;
  std::set<std::pair<int, int>> taken;
  for (const auto& panel : json::find(document, "panels")->GetArray()) {
    EXPECT_TRUE(ids.insert(json::find(panel, "id")->GetInt()).second);
    const auto& place = *json::find(panel, "gridPos");
    for (int x = 0; x < json::find(place, "w")->GetInt(); ++x) {
      for (int y = 0; y < json::find(place, "h")->GetInt(); ++y)
        EXPECT_TRUE(taken.emplace(json::find(place, "x")->GetInt() + x, json::find(place, "y")->GetInt() + y).second)
            << *json::string_at(panel, "title");
    }
  }
}

TEST(Checks, FindWhatDoesNotExist) {
  const Families families = {{"belay_calls_total", {"route"}}, {"belay_x_seconds", {"le"}}};
  EXPECT_EQ(unknown_in("rate(belay_call_total[5m]) + belay_calls_total{rout=\"r\",instance=\"a\"} + "
                       "belay_x_seconds_bucket{le=\"1\"}",
                       families),
            (std::vector<std::string>{"belay_call_total", "belay_calls_total{rout}"}));
}

}  // namespace
}  // namespace belay::gateway::test
