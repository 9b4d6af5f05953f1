// The whole program: exit codes, what goes where, the same seed twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

#include "base/json.hpp"

namespace belay::conform {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Ran {
  int code = -1;
  std::string out;   ///< both streams
};

Ran run(const std::string& words) {
  Ran out;
  std::FILE* pipe = popen((std::string("\"" CONFORM "\" ") + words + " 2>&1").c_str(), "r");
  char piece[4096];
  for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof piece, pipe)) > 0;) out.out.append(piece, got);
  const int status = pclose(pipe);
  out.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

const std::string good = GOOD_PLUGIN, crowded = CROWDED_PLUGIN;

std::string temporary(const std::string& name, const std::string& content) {
  const std::string path = testing::TempDir() + "/conform-tool-test-" + name;
  std::ofstream(path) << content;
  return path;
}

/// The report without what may differ: times and what is measured.
std::string timeless(const std::string& report) {
  auto parsed = json::parse(report);
  if (!parsed) return "(unreadable) " + report;
  const std::function<void(json::Value&)> strip = [&strip](json::Value& value) {
    if (value.IsObject()) {
      value.RemoveMember("ms");
      value.RemoveMember("measured");
      for (auto& member : value.GetObject()) strip(member.value);
    } else if (value.IsArray()) {
      for (auto& item : value.GetArray()) strip(item);
    }
  };
  strip(*parsed);
  return json::text(*parsed);
}

TEST(Tool, GoodPluginGivesZero) {
  const Ran ran = run(good + " --only load,metadata");

  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("conforms: all 20 checks hold"));
}

TEST(Tool, FailedCheckGivesOneAndTheCommandThatShowsItAgain) {
  const Ran ran = run(crowded + " --only LOAD-01,LOAD-02 --seed 9");

  EXPECT_EQ(ran.code, 1) << ran.out;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("ok     LOAD-01"), HasSubstr("FAIL   LOAD-02"), HasSubstr("--only LOAD-02 --seed 9\n"), HasSubstr("failed: LOAD-02\n")));
}

TEST(Tool, CommandThatShowsItAgainDoes) {
  const Ran first = run(crowded + " --only LOAD-02 --seed 9 --format json");
  const auto report = json::parse(first.out);
  ASSERT_TRUE(report) << first.out;
  const std::string again(json::string_at(*json::at(*report, "/files/0/checks/0"), "again").value_or(""));
  ASSERT_THAT(again, testing::StartsWith("belay-conform "));

  const Ran second = run(again.substr(sizeof "belay-conform") + " --format json");

  EXPECT_EQ(second.code, 1);
  EXPECT_EQ(timeless(second.out), timeless(first.out));
}

TEST(Tool, WaiverMakesItZeroAndIsShown) {
  const std::string waivers = temporary("waivers.json", R"({"version":1,"waivers":[{"check":"LOAD-02","reason":"another tool's hook"}]})");

  const Ran ran = run(crowded + " --only LOAD-01,LOAD-02 --waivers " + waivers);

  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("another tool's hook"), HasSubstr("1 failure waived")));
}

TEST(Tool, MistakesGiveTwo) {
  EXPECT_EQ(run("").code, 2);
  EXPECT_EQ(run(good + " --frob").code, 2);
  EXPECT_EQ(run(good + " --only NOPE-1").code, 2);
  EXPECT_EQ(run(good + " --waivers nowhere.json").code, 2);
  EXPECT_EQ(run(good + " --cassettes nowhere").code, 2);
  EXPECT_EQ(run("--explain NOPE-1").code, 2);
}

TEST(Tool, WhatCanNotBeLoadedGivesThree) {
  const Ran missing = run("no-such-file.so");
  EXPECT_EQ(missing.code, 3);
  EXPECT_THAT(missing.out, HasSubstr("no-such-file.so"));

  const Ran text = run(temporary("text.so", "not a library") + " --only LOAD-01,LOAD-03,STRM-01");
  EXPECT_EQ(text.code, 3);
  EXPECT_THAT(text.out, AllOf(HasSubstr("FAIL   LOAD-01"), HasSubstr("is no ELF file"), HasSubstr("FAIL   LOAD-03"), HasSubstr("skip   STRM-01"),
                              HasSubstr("could not be loaded")));
}

TEST(Tool, SeveralFilesEndWithTheWorst) {
  const Ran ran = run(good + " " + crowded + " --only LOAD-02");

  EXPECT_EQ(ran.code, 1) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("1 of 2 plugins conform"));
}

TEST(Tool, OtherProviderTypeIsSaidToBeMissing) {
  const Ran ran = run(good + " --provider nobody --only META-01");

  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.out, HasSubstr("nobody"));
}

TEST(Tool, InProcessComesToTheSameResult) {
  const Ran apart = run(crowded + " --only LOAD-02,META-01,META-05 --format json"), within = run(crowded + " --only LOAD-02,META-01,META-05 --format json --in-process");

  EXPECT_EQ(within.code, 1) << within.out;
  EXPECT_EQ(timeless(within.out), timeless(apart.out));
}

TEST(Tool, SameSeedGivesTheSameReport) {
  const std::string words = good + " --only load,metadata,errors,REQ-*,STRM-0[12],STRM-02 --seed 5 --format json";
  const std::string plain = good + " --only load,metadata,errors,REQ-*,STRM-02 --seed 5 --format json";

  EXPECT_EQ(run(words).code, 2) << "brackets are no globs here";
  const Ran first = run(plain), second = run(plain + " --jobs 1");

  EXPECT_EQ(first.code, 0) << first.out;
  EXPECT_EQ(timeless(first.out), timeless(second.out));
}

TEST(Tool, LeavesNoFolderBehind) {
  const std::string folder = testing::TempDir() + "/conform-tool-test-tmp";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  setenv("TMPDIR", folder.c_str(), 1);
  run(good + " --only load");
  unsetenv("TMPDIR");

  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace belay::conform
