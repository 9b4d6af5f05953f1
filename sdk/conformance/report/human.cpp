// For people: grouped, one line a check, what failed with what was expected, what was seen and the command that shows it again; a verdict in words at the end.
#include "base/utf8.hpp"
#include "report/report.hpp"

namespace belay::conform {
namespace {

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

/// Lines of one check; nobody reads a screen of them.
constexpr std::size_t most_measured = 6;

std::string count(std::size_t n, const char* one, const char* many) { return std::to_string(n) + " " + (n == 1 ? one : many); }

class Human : public Writer {
 public:
  Human(Out out, Colour colour) : out_(out), colour_(colour) {}

  void begin(const RunFacts& run) override { run_ = run; }

  void begin_file(const FileFacts& facts, std::size_t) override {
    group_.reset();
    out_(paint("1", facts.path));
    if (facts.note) out_("  " + printable(facts.note->id) + " " + printable(facts.note->version));
    if (!facts.provider.empty()) out_(", provider " + printable(facts.provider));
    out_(", " + (facts.cassettes == 0 ? std::string("no cassettes") : count(facts.cassettes, "cassette", "cassettes")) + ", seed " + std::to_string(run_.seed) +
         (run_.certify ? ", to certify" : "") + "\n");
  }

  void check(const FileFacts&, const CheckReport& report) override {
    if (group_ != report.check->group) {
      group_ = report.check->group;
      out_("\n" + paint("1", to_string(*group_)) + "\n");
    }
    std::string took = std::to_string(report.outcome.took.count());
    took.insert(0, took.size() < 6 ? 6 - took.size() : 0, ' ');
    out_("  " + mark(report) + " " + padded(std::string(report.check->id), 8) + paint("2", took + " ms") + "  " + std::string(report.check->title) + "\n");
    explain(report);
  }

  void end_file(const FileReport& report) override {
    out_("\n");
    if (!report.load_error.empty()) line("loading", report.load_error);
    for (const auto& [id, reason] : report.idle_waivers) out_("  the waiver of " + id + " is not needed (" + reason + ")\n");
    out_(verdict(report) + "\n");
  }

  void end(const std::vector<FileReport>& all) override {
    if (all.size() < 2) return;
    std::size_t good = 0;
    for (const auto& one : all) good += one.load_error.empty() && tally(one).failed == 0 ? 1 : 0;
    out_("\n" + std::to_string(good) + " of " + count(all.size(), "plugin", "plugins") + " conform\n");
  }

 private:
  std::string paint(const char* code, std::string_view text) const {
    if (colour_ == Colour::no) return std::string(text);
    return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
  }

  std::string mark(const CheckReport& report) const {
    if (!report.waiver.empty()) return paint("33", "waived");
    switch (report.outcome.status) {
      case Status::pass:
        return paint("32", "ok    ");
      case Status::fail:
        return paint("1;31", "FAIL  ");
      case Status::warn:
        return paint("33", "warn  ");
      case Status::skip:
        return paint("2", "skip  ");
      case Status::not_applicable:
        return paint("2", "-     ");
      case Status::crash:
        return paint("1;31", "CRASH ");
      case Status::hang:
        return paint("1;31", "HANG  ");
      case Status::leaked:
        return paint("1;31", "LEAK  ");
    }
    return "";
  }

  void line(std::string_view name, std::string_view text) {
    if (text.empty()) return;
    std::string indent(9, ' ');
    out_(indent + paint("2", padded(std::string(name), 10)) + std::string(text) + "\n");
  }

  /// Many lines under one name, made harmless for a terminal: they are the plugin's.
  void block(std::string_view name, std::string_view text) {
    bool first = true;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      if (end > 0) line(first ? name : "", printable(text.substr(0, end)));
      first = false;
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  void explain(const CheckReport& report) {
    const Outcome& outcome = report.outcome;
    const bool bad = failed(outcome.status) || outcome.status == Status::warn;
    if (bad) {
      line("expected", outcome.expected);
      line("observed", outcome.observed);
      line("while", outcome.doing);
      if (outcome.status != Status::fail) block("wrote", outcome.output);
      block("stack", outcome.backtrace);
      line("again", report.again);
      line("more", "belay-conform --explain " + std::string(report.check->id));
    } else if (outcome.status != Status::pass) {
      line("because", outcome.observed);
    }
    line("waived", report.waiver);
    const std::size_t shown = outcome.measured.size() <= most_measured + 1 ? outcome.measured.size() : most_measured;
    for (std::size_t i = 0; i < shown; ++i) line("measured", outcome.measured[i].first + ": " + outcome.measured[i].second);
    if (const auto more = outcome.measured.size() - shown; more > 0) line("", "and " + std::to_string(more) + " more (--format json has them)");
  }

  std::string verdict(const FileReport& report) const {
    const Tally sum = tally(report);
    std::string more;
    const auto add = [&more](std::size_t n, const char* one, const char* many) {
      if (n > 0) more += (more.empty() ? "" : ", ") + count(n, one, many);
    };
    add(sum.warned, "warning", "warnings");
    add(sum.waived, "failure waived", "failures waived");
    add(sum.skipped, "could not be asked", "could not be asked");
    add(sum.not_applicable, "does not apply", "do not apply");
    if (!more.empty()) more = " (" + more + ")";
    const std::size_t asked = sum.passed + sum.failed + sum.warned + sum.waived;
    if (!report.load_error.empty()) return paint("1;31", report.facts.path + " could not be loaded") + more;
    if (sum.failed > 0) {
      std::string ids;
      for (const auto& one : report.checks) {
        if (one.waiver.empty() && failed(one.outcome.status)) ids += (ids.empty() ? "" : ", ") + std::string(one.check->id);
      }
      return paint("1;31", report.facts.path + " does not conform") + ": " + std::to_string(sum.failed) + " of " + count(asked, "check", "checks") +
             " failed: " + ids + more;
    }
    return paint("1;32", report.facts.path + (run_.certify ? " conforms and may be called certified" : " conforms")) + ": " +
           (asked == 1 ? "the one check holds" : "all " + std::to_string(asked) + " checks hold") + more;
  }

  const Out out_;
  const Colour colour_;
  RunFacts run_;
  std::optional<Group> group_;
};

}  // namespace

std::unique_ptr<Writer> human_writer(Out out, Colour colour) { return std::make_unique<Human>(out, colour); }

}  // namespace belay::conform
