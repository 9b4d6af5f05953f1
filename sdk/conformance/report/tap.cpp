// For test harnesses: TAP version 14, one subtest a file, YAML diagnostics under what did not simply pass.
#include "base/json.hpp"
#include "report/report.hpp"

namespace belay::conform {
namespace {

/// In descriptions "#" starts a directive and "\" escapes.
std::string description(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '#' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

class Tap : public Writer {
 public:
  explicit Tap(Out out) : out_(out) {}

  void begin(const RunFacts& run) override {
    run_ = run;
    out_("TAP version 14\n");
  }

  void begin_file(const FileFacts& facts, std::size_t checks) override {
    number_ = 0;
    out_("# Subtest: " + description(facts.path) + "\n    1.." + std::to_string(checks) + "\n");
  }

  void check(const FileFacts&, const CheckReport& report) override {
    const Outcome& outcome = report.outcome;
    const bool good = !failed(outcome.status);
    std::string line = std::string(good ? "ok " : "not ok ") + std::to_string(++number_) + " - " + std::string(report.check->id) + " " +
                       description(report.check->title);
    if (outcome.status == Status::skip || outcome.status == Status::not_applicable) line += " # SKIP " + description(outcome.observed);
    if (!report.waiver.empty()) line += " # TODO waived: " + description(report.waiver);
    out_("    " + line + "\n");
    if (!good || outcome.status == Status::warn) diagnose(report);
  }

  void end_file(const FileReport& report) override {
    const bool good = report.load_error.empty() && tally(report).failed == 0;
    out_(std::string(good ? "ok " : "not ok ") + std::to_string(++files_) + " - " + description(report.facts.path) + "\n");
    if (!report.load_error.empty()) out_("  ---\n  message: " + json::quoted(report.load_error) + "\n  ...\n");
  }

  void end(const std::vector<FileReport>& all) override { out_("1.." + std::to_string(all.size()) + "\n"); }

 private:
  void diagnose(const CheckReport& report) {
    const Outcome& outcome = report.outcome;
    const auto line = [this](std::string_view name, std::string_view value) {
      if (!value.empty()) out_("      " + std::string(name) + ": " + json::quoted(value) + "\n");  // a JSON text is a YAML text
    };
    out_("      ---\n");
    line("status", to_string(outcome.status));
    line("severity", report.check->severity == Severity::must ? "must" : "should");
    line("expected", outcome.expected);
    line("observed", outcome.observed);
    line("while", outcome.doing);
    line("output", outcome.output);
    line("backtrace", outcome.backtrace);
    line("again", report.again);
    out_("      ...\n");
  }

  const Out out_;
  RunFacts run_;
  std::size_t number_ = 0, files_ = 0;
};

}  // namespace

std::unique_ptr<Writer> tap_writer(Out out) { return std::make_unique<Tap>(out); }

}  // namespace belay::conform
