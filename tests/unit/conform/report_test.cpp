// The four formats, against golden text.
#include "report/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"

namespace belay::conform {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr Check checks[] = {
    {.id = "LOAD-01", .group = Group::load, .severity = Severity::must, .title = "it loads", .rules = "P15", .explain = "", .run = nullptr},
    {.id = "STRM-02", .group = Group::stream, .severity = Severity::must, .title = "cuts #1 don't show", .rules = "P5", .explain = "", .run = nullptr},
    {.id = "STRM-10", .group = Group::stream, .severity = Severity::must, .title = "errors are told", .rules = "P5", .explain = "", .run = nullptr},
    {.id = "STRM-11", .group = Group::stream, .severity = Severity::should, .title = "both are equal", .rules = "P5", .explain = "", .run = nullptr},
    {.id = "FUZZ-01", .group = Group::fuzz, .severity = Severity::must, .title = "noise is survived", .rules = "P13", .explain = "", .run = nullptr}};

CheckReport reported(std::size_t n, Status status, std::string expected = "", std::string observed = "") {
  CheckReport out;
  out.check = &checks[n];
  out.outcome.status = status;
  out.outcome.expected = std::move(expected);
  out.outcome.observed = std::move(observed);
  out.outcome.took = 12ms;
  out.again = "belay-conform acme.so --only " + std::string(checks[n].id) + " --seed 7";
  return out;
}

/// One of each kind.
FileReport mixed() {
  FileReport report;
  report.facts = {"acme.so", "00ff", {}, "acme", 2};
  report.facts.note = plugins::NoteFacts{1, 0, 0, true, "hash", "org.example.acme", "Acme", "1.2.0", "Example", {"acme"}, {}};
  report.checks.push_back(reported(0, Status::pass));
  report.checks.back().outcome.measured = {{"ns per call", "412"}};
  report.checks.push_back(reported(1, Status::fail, "the same events", "\"a\" < \"b\" & more"));
  report.checks.back().outcome.doing = "STRM-02: split at 118";
  report.checks.push_back(reported(2, Status::skip, "", "no cassette \"mid-stream-error\""));
  report.checks.push_back(reported(3, Status::warn, "equal", "not equal"));
  report.checks.push_back(reported(4, Status::crash, "an end", "killed by SIGSEGV"));
  report.checks.back().outcome.output = "boom\x01\n";
  report.checks.back().outcome.backtrace = "frame 1\nframe 2";
  return report;
}

std::string written(std::unique_ptr<Writer> (*make)(Out), const std::vector<FileReport>& files) {
  std::string text;
  const auto writer = make({&text, [](void* to, std::string_view piece) { static_cast<std::string*>(to)->append(piece); }});
  writer->begin({7, false});
  for (const auto& file : files) {
    writer->begin_file(file.facts, file.checks.size());
    for (const auto& check : file.checks) writer->check(file.facts, check);
    writer->end_file(file);
  }
  writer->end(files);
  return text;
}

std::unique_ptr<Writer> plain(Out out) { return human_writer(out, Colour::no); }
std::unique_ptr<Writer> coloured(Out out) { return human_writer(out, Colour::yes); }

TEST(HumanReport, TellsWhatFailedAndHowToSeeItAgain) {
  EXPECT_EQ(written(plain, {mixed()}),
            "acme.so  org.example.acme 1.2.0, provider acme, 2 cassettes, seed 7\n"
            "\nload\n"
            "  ok     LOAD-01     12 ms  it loads\n"
            "         measured  ns per call: 412\n"
            "\nstream\n"
            "  FAIL   STRM-02     12 ms  cuts #1 don't show\n"
            "         expected  the same events\n"
            "         observed  \"a\" < \"b\" & more\n"
            "         while     STRM-02: split at 118\n"
            "         again     belay-conform acme.so --only STRM-02 --seed 7\n"
            "         more      belay-conform --explain STRM-02\n"
            "  skip   STRM-10     12 ms  errors are told\n"
            "         because   no cassette \"mid-stream-error\"\n"
            "  warn   STRM-11     12 ms  both are equal\n"
            "         expected  equal\n"
            "         observed  not equal\n"
            "         again     belay-conform acme.so --only STRM-11 --seed 7\n"
            "         more      belay-conform --explain STRM-11\n"
            "\nfuzz\n"
            "  CRASH  FUZZ-01     12 ms  noise is survived\n"
            "         expected  an end\n"
            "         observed  killed by SIGSEGV\n"
            "         wrote     boom\\x01\n"
            "         stack     frame 1\n"
            "                   frame 2\n"
            "         again     belay-conform acme.so --only FUZZ-01 --seed 7\n"
            "         more      belay-conform --explain FUZZ-01\n"
            "\nacme.so does not conform: 2 of 4 checks failed: STRM-02, FUZZ-01 (1 warning, 1 could not be asked)\n");
}

TEST(HumanReport, SaysInWordsThatAllHolds) {
  FileReport good;
  good.facts = {"acme.so", "00ff", {}, "acme", 0};
  good.checks = {reported(0, Status::pass), reported(1, Status::not_applicable, "", "no HTTP")};

  EXPECT_THAT(written(plain, {good}), testing::EndsWith("\nacme.so conforms: the one check holds (1 does not apply)\n"));
}

TEST(HumanReport, IsPaintedOnATerminalAlone) {
  EXPECT_THAT(written(coloured, {mixed()}), HasSubstr("\x1b[1;31mFAIL  \x1b[0m"));
  EXPECT_THAT(written(plain, {mixed()}), testing::Not(HasSubstr("\x1b")));
}

TEST(HumanReport, CountsSeveralPlugins) {
  FileReport good, bad;
  good.facts.path = "a.so";
  good.checks = {reported(0, Status::pass)};
  bad.facts.path = "b.so";
  bad.load_error = "is no ELF file";

  const std::string text = written(plain, {good, bad});

  EXPECT_THAT(text, HasSubstr("loading   is no ELF file\nb.so could not be loaded\n"));
  EXPECT_THAT(text, testing::EndsWith("\n1 of 2 plugins conform\n"));
}

TEST(Reports, ShowWaiversAndThoseThatNobodyNeeds) {
  FileReport report = mixed();
  report.checks[1].waiver = "their parser, our ticket 12";
  report.checks[4].waiver = "known";
  report.idle_waivers = {{"LOAD-01", "old"}};

  const std::string human = written(plain, {report});
  EXPECT_THAT(human, HasSubstr("  waived STRM-02"));
  EXPECT_THAT(human, HasSubstr("waived    their parser, our ticket 12"));
  EXPECT_THAT(human, HasSubstr("the waiver of LOAD-01 is not needed (old)"));
  EXPECT_THAT(human, testing::EndsWith("acme.so conforms: all 4 checks hold (1 warning, 2 failures waived, 1 could not be asked)\n"));
  EXPECT_THAT(written(json_writer, {report}), HasSubstr("\"waived\":\"their parser, our ticket 12\""));
  EXPECT_THAT(written(json_writer, {report}), HasSubstr("\"waivers_not_needed\":[\"LOAD-01\"]"));
  EXPECT_THAT(written(junit_writer, {report}), HasSubstr("<property name=\"waived\" value=\"their parser, our ticket 12\"/>"));
  EXPECT_THAT(written(junit_writer, {report}), HasSubstr("name=\"acme.so fuzz (seed 7)\" tests=\"1\" failures=\"0\" errors=\"0\""));
  EXPECT_THAT(written(tap_writer, {report}), HasSubstr("    not ok 2 - STRM-02 cuts \\#1 don't show # TODO waived: their parser, our ticket 12\n"));
}

TEST(JsonReport, IsOneDocumentOfVersionOne) {
  const auto report = json::parse(written(json_writer, {mixed()}));

  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(json::int_at(*report, "version"), 1);
  EXPECT_EQ(json::string_at(*json::find(*report, "tool"), "name"), "belay-conform");
  EXPECT_EQ(json::int_at(*json::find(*report, "host_abi"), "major"), 1);
  const auto* file = json::at(*report, "/files/0");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(json::string_at(*file, "sha256"), "00ff");
  EXPECT_EQ(json::text(*json::find(*file, "note")),
            R"({"id":"org.example.acme","name":"Acme","version":"1.2.0","vendor":"Example","abi":"1.0","min_host_minor":0,"draft":true,"types":["acme"]})");
  EXPECT_EQ(json::text(*json::find(*file, "summary")), R"({"passed":1,"failed":2,"warned":1,"skipped":1,"not_applicable":0,"waived":0})");
  EXPECT_EQ(json::text(*json::at(*file, "/checks/0")),
            R"({"id":"LOAD-01","group":"load","severity":"must","title":"it loads","status":"pass","ms":12,"seed":7,"measured":{"ns per call":"412"},)"
            R"("again":"belay-conform acme.so --only LOAD-01 --seed 7"})");
  EXPECT_EQ(json::text(*json::at(*file, "/checks/1")),
            R"({"id":"STRM-02","group":"stream","severity":"must","title":"cuts #1 don't show","status":"fail","ms":12,"seed":7,"expected":"the same events",)"
            R"("observed":"\"a\" < \"b\" & more","doing":"STRM-02: split at 118","again":"belay-conform acme.so --only STRM-02 --seed 7"})");
}

TEST(JUnitReport, HasASuiteForEachGroup) {
  EXPECT_EQ(written(junit_writer, {mixed()}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites name=\"belay-conform\">\n"
            "  <testsuite name=\"acme.so load (seed 7)\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.012\">\n"
            "    <testcase name=\"LOAD-01 it loads\" classname=\"acme.so.load\" time=\"0.012\">\n"
            "    </testcase>\n"
            "  </testsuite>\n"
            "  <testsuite name=\"acme.so stream (seed 7)\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"0.036\">\n"
            "    <testcase name=\"STRM-02 cuts #1 don't show\" classname=\"acme.so.stream\" time=\"0.012\">\n"
            "      <failure type=\"fail\" message=\"&quot;a&quot; &lt; &quot;b&quot; &amp; more\">expected: the same events\n"
            "observed: &quot;a&quot; &lt; &quot;b&quot; &amp; more\n"
            "while: STRM-02: split at 118\n"
            "again: belay-conform acme.so --only STRM-02 --seed 7\n"
            "</failure>\n"
            "    </testcase>\n"
            "    <testcase name=\"STRM-10 errors are told\" classname=\"acme.so.stream\" time=\"0.012\">\n"
            "      <skipped message=\"no cassette &quot;mid-stream-error&quot;\"/>\n"
            "    </testcase>\n"
            "    <testcase name=\"STRM-11 both are equal\" classname=\"acme.so.stream\" time=\"0.012\">\n"
            "      <properties><property name=\"warning\" value=\"expected: equal; observed: not equal\"/></properties>\n"
            "    </testcase>\n"
            "  </testsuite>\n"
            "  <testsuite name=\"acme.so fuzz (seed 7)\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0.012\">\n"
            "    <testcase name=\"FUZZ-01 noise is survived\" classname=\"acme.so.fuzz\" time=\"0.012\">\n"
            "      <error type=\"crash\" message=\"killed by SIGSEGV\">expected: an end\n"
            "observed: killed by SIGSEGV\n"
            "frame 1\nframe 2\n"
            "again: belay-conform acme.so --only FUZZ-01 --seed 7\n"
            "</error>\n"
            "      <system-out>boom?\n</system-out>\n"
            "    </testcase>\n"
            "  </testsuite>\n"
            "</testsuites>\n");
}

TEST(TapReport, IsVersionFourteenWithDiagnostics) {
  FileReport report = mixed();
  report.checks.resize(3);

  EXPECT_EQ(written(tap_writer, {report}),
            "TAP version 14\n"
            "# Subtest: acme.so\n"
            "    1..3\n"
            "    ok 1 - LOAD-01 it loads\n"
            "    not ok 2 - STRM-02 cuts \\#1 don't show\n"
            "      ---\n"
            "      status: \"fail\"\n"
            "      severity: \"must\"\n"
            "      expected: \"the same events\"\n"
            "      observed: \"\\\"a\\\" < \\\"b\\\" & more\"\n"
            "      while: \"STRM-02: split at 118\"\n"
            "      again: \"belay-conform acme.so --only STRM-02 --seed 7\"\n"
            "      ...\n"
            "    ok 3 - STRM-10 errors are told # SKIP no cassette \"mid-stream-error\"\n"
            "not ok 1 - acme.so\n"
            "1..1\n");
}

}  // namespace
}  // namespace belay::conform
