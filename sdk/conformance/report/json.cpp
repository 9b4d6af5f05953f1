// For programs: one document, version 1.
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "belay/version.h"
#include "report/report.hpp"

namespace belay::conform {
namespace {

/// Text members, the writer's calls in one place.
class Object {
 public:
  explicit Object(json::Writer& to) : to_(to) { to_.StartObject(); }
  ~Object() { to_.EndObject(); }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  void text(std::string_view name, std::string_view value) {
    json::key(to_, name);
    json::str(to_, value);
  }
  void some(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  void number(std::string_view name, std::uint64_t value) {
    json::key(to_, name);
    to_.Uint64(value);
  }
  void flag(std::string_view name, bool value) {
    json::key(to_, name);
    to_.Bool(value);
  }
  json::Writer& member(std::string_view name) {
    json::key(to_, name);
    return to_;
  }

 private:
  json::Writer& to_;
};

void write_note(json::Writer& to, const plugins::NoteFacts& note) {
  Object object(to);
  object.text("id", replace_invalid_utf8(note.id));
  object.text("name", note.name);
  object.text("version", note.version);
  object.text("vendor", note.vendor);
  object.text("abi", std::to_string(note.abi_major) + "." + std::to_string(note.abi_minor));
  object.number("min_host_minor", note.min_host_minor);
  object.flag("draft", note.draft);
  auto& types = object.member("types");
  types.StartArray();
  for (const auto& type : note.types) json::str(types, type);
  types.EndArray();
}

void write_check(json::Writer& to, const CheckReport& report, const RunFacts& run) {
  const Outcome& outcome = report.outcome;
  Object object(to);
  object.text("id", report.check->id);
  object.text("group", to_string(report.check->group));
  object.text("severity", report.check->severity == Severity::must ? "must" : "should");
  object.text("title", report.check->title);
  object.text("status", to_string(outcome.status));
  object.number("ms", static_cast<std::uint64_t>(outcome.took.count()));
  object.number("seed", run.seed);
  object.some("expected", outcome.expected);
  object.some("observed", outcome.observed);
  object.some("doing", outcome.doing);
  object.some("output", outcome.output);
  object.some("backtrace", outcome.backtrace);
  object.some("waived", report.waiver);
  if (!outcome.measured.empty()) {
    Object measured(object.member("measured"));
    for (const auto& [name, value] : outcome.measured) measured.text(name, value);
  }
  object.text("again", report.again);
}

void write_tally(json::Writer& to, const Tally& sum) {
  Object object(to);
  object.number("passed", sum.passed);
  object.number("failed", sum.failed);
  object.number("warned", sum.warned);
  object.number("skipped", sum.skipped);
  object.number("not_applicable", sum.not_applicable);
  object.number("waived", sum.waived);
}

void write_file(json::Writer& to, const FileReport& report, const RunFacts& run) {
  Object object(to);
  object.text("path", replace_invalid_utf8(report.facts.path));
  object.text("sha256", report.facts.sha256);
  if (report.facts.note) write_note(object.member("note"), *report.facts.note);
  object.some("provider", report.facts.provider);
  object.number("cassettes", report.facts.cassettes);
  object.some("load_error", report.load_error);
  write_tally(object.member("summary"), tally(report));
  auto& checks = object.member("checks");
  checks.StartArray();
  for (const auto& one : report.checks) write_check(checks, one, run);
  checks.EndArray();
  auto& idle = object.member("waivers_not_needed");
  idle.StartArray();
  for (const auto& [id, reason] : report.idle_waivers) json::str(idle, id);
  idle.EndArray();
}

class Json : public Writer {
 public:
  explicit Json(Out out) : out_(out) {}
  void begin(const RunFacts& run) override { run_ = run; }
  void begin_file(const FileFacts&, std::size_t) override {}
  void check(const FileFacts&, const CheckReport&) override {}
  void end_file(const FileReport&) override {}

  void end(const std::vector<FileReport>& all) override {
    json::Buffer buffer;
    json::Writer to(buffer);
    {
      Object object(to);
      object.number("version", 1);
      {
        Object tool(object.member("tool"));
        tool.text("name", "belay-conform");
        tool.text("version", BELAY_VERSION);
      }
      {
        Object abi(object.member("host_abi"));
        abi.number("major", BELAY_ABI_MAJOR);
        abi.number("minor", BELAY_ABI_MINOR);
        abi.number("draft", BELAY_ABI_DRAFT);
        abi.text("hash", BELAY_ABI_HASH);
      }
      object.number("seed", run_.seed);
      object.flag("certify", run_.certify);
      auto& files = object.member("files");
      files.StartArray();
      for (const auto& one : all) write_file(files, one, run_);
      files.EndArray();
    }
    out_(json::view(buffer));
    out_("\n");
  }

 private:
  const Out out_;
  RunFacts run_;
};

}  // namespace

std::unique_ptr<Writer> json_writer(Out out) { return std::make_unique<Json>(out); }

}  // namespace belay::conform
