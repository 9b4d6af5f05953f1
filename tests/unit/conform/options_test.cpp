// The command line: what is taken, and the sentence for what is not.
#include "options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace belay::conform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<Options> parsed(std::vector<std::string> words) { return parse_options(words); }

std::string refusal(std::vector<std::string> words) {
  const auto options = parse_options(words);
  return options ? "(taken)" : options.error().message;
}

TEST(Options, AreWhatTheManualSays) {
  const auto options = parsed({"a.so", "--only", "STRM-*,refresh", "--skip=fuzz", "--skip", "performance", "--seed", "7", "--jobs=3", "--certify", "--format", "tap",
                               "--provider", "acme", "--cassettes", "tapes", "--waivers", "w.json", "b.so"});

  ASSERT_TRUE(options) << options.error().message;
  EXPECT_THAT(options->files, ElementsAre("a.so", "b.so"));
  EXPECT_THAT(options->only, ElementsAre("STRM-*", "refresh"));
  EXPECT_THAT(options->skip, ElementsAre("fuzz", "performance"));
  EXPECT_EQ(options->seed, 7u);
  EXPECT_EQ(options->jobs, 3u);
  EXPECT_TRUE(options->certify);
  EXPECT_FALSE(options->in_process);
  EXPECT_EQ(options->format, Format::tap);
  EXPECT_EQ(options->provider, "acme");
  EXPECT_EQ(options->cassettes, "tapes");
  EXPECT_EQ(options->waivers, "w.json");
}

TEST(Options, WithoutAnyTheSeedIsOneAndTheReportIsForPeople) {
  const auto options = parsed({"a.so"});

  ASSERT_TRUE(options);
  EXPECT_EQ(options->seed, 1u);
  EXPECT_EQ(options->jobs, 0u);
  EXPECT_EQ(options->format, Format::human);
  EXPECT_FALSE(options->certify || options->list || options->help || options->version || options->in_process);
}

TEST(Options, AfterTwoDashesEverythingIsAFile) {
  const auto options = parsed({"--", "--certify"});

  ASSERT_TRUE(options);
  EXPECT_THAT(options->files, ElementsAre("--certify"));
  EXPECT_FALSE(options->certify);
}

TEST(Options, SeedMayBeAsLargeAsItGets) {
  const auto options = parsed({"a.so", "--seed", "18446744073709551615"});

  ASSERT_TRUE(options);
  EXPECT_EQ(options->seed, UINT64_MAX);
}

TEST(Options, MistakesGetASentenceWithTheWayOut) {
  EXPECT_EQ(refusal({"a.so", "--certfy"}), "unknown option \"--certfy\" (did you mean --certify?)");
  EXPECT_THAT(refusal({"a.so", "--zzzzzz"}), HasSubstr("--help"));
  EXPECT_EQ(refusal({"a.so", "--format", "jason"}), "--format can't be \"jason\" (did you mean json?)");
  EXPECT_THAT(refusal({"a.so", "--format", "xyzzy"}), HasSubstr("one of human, json, junit, tap"));
  EXPECT_EQ(refusal({"a.so", "--jobs", "0"}), "--jobs can't be \"0\" (right would be a number from 1 to 256)");
  EXPECT_THAT(refusal({"a.so", "--seed", "7x"}), HasSubstr("can't be \"7x\""));
  EXPECT_EQ(refusal({"a.so", "--only"}), "--only needs a value: --only GLOB");
  EXPECT_EQ(refusal({"a.so", "--only="}), "--only needs a value: --only GLOB");
  EXPECT_EQ(refusal({"a.so", "--certify=yes"}), "--certify takes no value");
  EXPECT_EQ(refusal({"a.so", "--provider", "a", "--provider", "b"}), "--provider is given twice");
  EXPECT_THAT(refusal({}), HasSubstr("no plugin is named"));
  EXPECT_THAT(refusal({"--list", "--explain", "LOAD-01"}), HasSubstr("one at a time"));
  EXPECT_THAT(refusal({"--list", "--format", "tap"}), HasSubstr("human or json"));
}

TEST(Options, QuestionsNeedNoFile) {
  for (const char* question : {"--list", "--help", "-h", "--version", "--explain=LOAD-01"}) EXPECT_TRUE(parsed({question})) << question;
}

TEST(Options, HelpNamesEveryOption) {
  const std::string help = help_text();

  for (const char* name : {"--list", "--explain ID", "--only GLOB", "--skip GLOB", "--seed N", "--jobs N", "--certify", "--in-process", "--format FORMAT",
                           "--provider TYPE", "--cassettes DIR", "--waivers FILE", "--help", "--version"})
    EXPECT_THAT(help, HasSubstr(name));
}

}  // namespace
}  // namespace belay::conform
