// For CI servers: JUnit's XML, one suite a file and group. A crash, hang or leak is an error, a check that does not hold a failure, a warning a property.
#include <cstdio>
#include <map>

#include "base/utf8.hpp"
#include "report/report.hpp"

namespace belay::conform {
namespace {

/// XML 1.0 has no way to write most control characters.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : replace_invalid_utf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

std::string attribute(std::string_view name, std::string_view value) { return " " + std::string(name) + "=\"" + escaped(value) + "\""; }

std::string seconds(std::chrono::milliseconds span) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", static_cast<double>(span.count()) / 1000);
  return text;
}

bool is_error(Status status) { return failed(status) && status != Status::fail; }

std::string details(const CheckReport& report) {
  const Outcome& outcome = report.outcome;
  std::string out = "expected: " + outcome.expected + "\nobserved: " + outcome.observed + "\n";
  if (!outcome.doing.empty()) out += "while: " + outcome.doing + "\n";
  if (!outcome.backtrace.empty()) out += outcome.backtrace + "\n";
  return out + "again: " + report.again + "\n";
}

std::string test_case(const CheckReport& report, const std::string& class_name) {
  const Outcome& outcome = report.outcome;
  std::string out = "    <testcase" + attribute("name", std::string(report.check->id) + " " + std::string(report.check->title)) +
                    attribute("classname", class_name) + attribute("time", seconds(outcome.took)) + ">\n";
  const auto property = [&out](std::string_view name, std::string_view value) {
    out += "      <properties><property" + attribute("name", name) + attribute("value", value) + "/></properties>\n";
  };
  if (!report.waiver.empty()) {
    property("waived", report.waiver);
  } else if (outcome.status == Status::warn) {
    property("warning", "expected: " + outcome.expected + "; observed: " + outcome.observed);
  } else if (outcome.status == Status::skip || outcome.status == Status::not_applicable) {
    out += "      <skipped" + attribute("message", outcome.observed) + "/>\n";
  } else if (failed(outcome.status)) {
    const std::string element = is_error(outcome.status) ? "error" : "failure";
    out += "      <" + element + attribute("type", to_string(outcome.status)) + attribute("message", outcome.observed) + ">" + escaped(details(report)) + "</" +
           element + ">\n";
    if (!outcome.output.empty()) out += "      <system-out>" + escaped(outcome.output) + "</system-out>\n";
  }
  return out + "    </testcase>\n";
}

struct Suite {
  std::string cases;
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  std::chrono::milliseconds took{0};

  void add(const CheckReport& report, const std::string& class_name) {
    const Status status = report.outcome.status;
    ++tests;
    took += report.outcome.took;
    cases += test_case(report, class_name);
    skipped += status == Status::skip || status == Status::not_applicable ? 1 : 0;
    if (!report.waiver.empty()) return;
    failures += status == Status::fail ? 1 : 0;
    errors += is_error(status) ? 1 : 0;
  }

  [[nodiscard]] std::string text(const std::string& name) const {
    return "  <testsuite" + attribute("name", name) + attribute("tests", std::to_string(tests)) + attribute("failures", std::to_string(failures)) +
           attribute("errors", std::to_string(errors)) + attribute("skipped", std::to_string(skipped)) + attribute("time", seconds(took)) + ">\n" + cases +
           "  </testsuite>\n";
  }
};

std::string file_suites(const FileReport& report, const RunFacts& run) {
  const std::string who = report.facts.path;
  std::map<Group, Suite> suites;
  for (const auto& one : report.checks) suites[one.check->group].add(one, who + "." + std::string(to_string(one.check->group)));
  std::string out;
  if (!report.load_error.empty()) {
    out += "  <testsuite" + attribute("name", who + " loading") + attribute("tests", "1") + attribute("failures", "0") + attribute("errors", "1") +
           attribute("skipped", "0") + ">\n    <testcase" + attribute("name", "the plugin can be loaded") + attribute("classname", who) + ">\n      <error" +
           attribute("message", report.load_error) + "/>\n    </testcase>\n  </testsuite>\n";
  }
  for (const auto& [group, suite] : suites) out += suite.text(who + " " + std::string(to_string(group)) + " (seed " + std::to_string(run.seed) + ")");
  return out;
}

class JUnit : public Writer {
 public:
  explicit JUnit(Out out) : out_(out) {}
  void begin(const RunFacts& run) override {
    run_ = run;
    out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"belay-conform\">\n");
  }
  void begin_file(const FileFacts&, std::size_t) override {}
  void check(const FileFacts&, const CheckReport&) override {}
  void end_file(const FileReport& report) override { out_(file_suites(report, run_)); }
  void end(const std::vector<FileReport>&) override { out_("</testsuites>\n"); }

 private:
  const Out out_;
  RunFacts run_;
};

}  // namespace

std::unique_ptr<Writer> junit_writer(Out out) { return std::make_unique<JUnit>(out); }

}  // namespace belay::conform
