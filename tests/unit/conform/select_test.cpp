// Globs, the list of checks, waivers.
#include "select.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "listing.hpp"
#include "waivers.hpp"

namespace belay::conform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Check made_up[] = {
    {.id = "LOAD-01", .group = Group::load, .severity = Severity::must, .title = "it loads", .rules = "P15", .explain = "Loads it.", .run = nullptr},
    {.id = "STRM-01", .group = Group::stream, .severity = Severity::must, .title = "it streams", .rules = "P5", .explain = "Streams.", .run = nullptr},
    {.id = "STRM-11", .group = Group::stream, .severity = Severity::should, .title = "both are equal", .rules = "P5 P6", .explain = "Both.", .run = nullptr},
    {.id = "FUZZ-01", .group = Group::fuzz, .severity = Severity::must, .title = "noise", .rules = "P13", .explain = "Noise.", .run = nullptr}};
const Check* const few[] = {&made_up[0], &made_up[1], &made_up[2], &made_up[3]};

std::vector<std::string> chosen(const std::vector<std::string>& only, const std::vector<std::string>& skip) {
  const auto checks = select_checks(few, only, skip);
  if (!checks) return {checks.error().message};
  std::vector<std::string> out;
  for (const Check* check : *checks) out.emplace_back(check->id);
  return out;
}

TEST(Globs, StarIsAnyTextAndQuestionMarkOneCharacter) {
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("STRM-*", "STRM-01"));
  EXPECT_TRUE(glob_matches("strm-0?", "STRM-01"));
  EXPECT_TRUE(glob_matches("*-01", "STRM-01"));
  EXPECT_TRUE(glob_matches("S*M*1", "STRM-01"));
  EXPECT_FALSE(glob_matches("STRM-?", "STRM-01"));
  EXPECT_FALSE(glob_matches("STRM", "STRM-01"));
  EXPECT_FALSE(glob_matches("", "STRM-01"));
  EXPECT_FALSE(glob_matches("*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

TEST(Selection, NamesIdsOrGroups) {
  EXPECT_THAT(chosen({}, {}), ElementsAre("LOAD-01", "STRM-01", "STRM-11", "FUZZ-01"));
  EXPECT_THAT(chosen({"STRM-*"}, {}), ElementsAre("STRM-01", "STRM-11"));
  EXPECT_THAT(chosen({"stream", "LOAD-01"}, {"STRM-11"}), ElementsAre("LOAD-01", "STRM-01"));
  EXPECT_THAT(chosen({}, {"fuzz"}), ElementsAre("LOAD-01", "STRM-01", "STRM-11"));
}

TEST(Selection, GlobThatMeansNothingIsAMistake) {
  EXPECT_THAT(chosen({"STRN-01"}, {}), ElementsAre("no check is called \"STRN-01\" (did you mean STRM-01?)"));
  EXPECT_THAT(chosen({}, {"fuz"}), ElementsAre("no check is called \"fuz\" (did you mean fuzz?)"));
  EXPECT_THAT(chosen({"zebra-*"}, {}), ElementsAre(HasSubstr("--list")));
  EXPECT_THAT(chosen({"fuzz"}, {"FUZZ-01"}), ElementsAre(HasSubstr("leave no check")));
}

TEST(Listing, IsGroupedForPeople) {
  EXPECT_EQ(list_text(few),
            "load\n"
            "  LOAD-01  must    it loads\n"
            "\nstream\n"
            "  STRM-01  must    it streams\n"
            "  STRM-11  should  both are equal\n"
            "\nfuzz\n"
            "  FUZZ-01  must    noise\n");
}

TEST(Listing, IsWholeForPrograms) {
  const auto list = json::parse(list_json(few));

  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(json::int_at(*list, "version"), 1);
  const auto* third = json::at(*list, "/checks/2");
  ASSERT_NE(third, nullptr);
  EXPECT_EQ(json::text(*third),
            R"({"id":"STRM-11","group":"stream","severity":"should","title":"both are equal","rules":["P5","P6"],"limit_s":20,"explain":"Both."})");
}

TEST(Listing, ExplainsOneCheck) {
  const auto check = find_check(few, "strm-11");

  ASSERT_TRUE(check);
  EXPECT_EQ(explanation(**check), "STRM-11: both are equal\nstream, should, by P5 P6; at most 20 s\n\nBoth.\n");
}

/// reference/plugin-abi.md part C, less ISO-01 (README.md says why).
TEST(AllChecks, AreThoseOfTheReference) {
  std::set<std::string> expected;
  const std::pair<const char*, int> groups[] = {{"LOAD", 11}, {"META", 9}, {"LIFE", 10}, {"THRD", 6}, {"REQ", 6},  {"STRM", 14},
                                                {"ERR", 6},   {"AUTH", 13}, {"CANC", 3}, {"MEM", 6},  {"FUZZ", 6}, {"PERF", 4}};
  for (const auto& [name, count] : groups) {
    for (int i = 1; i <= count; ++i) expected.insert(std::string(name) + "-" + (i < 10 ? "0" : "") + std::to_string(i));
  }
  ASSERT_EQ(expected.size(), 94u);

  std::set<std::string> found;
  for (const Check* check : all_checks()) EXPECT_TRUE(found.emplace(check->id).second) << check->id << " comes twice";

  EXPECT_EQ(found, expected);
}

TEST(AllChecks, SayWhatTheyDoAndWhatTheyCite) {
  for (const Check* check : all_checks()) {
    EXPECT_NE(check->run, nullptr) << check->id;
    EXPECT_FALSE(check->title.empty() || check->rules.empty()) << check->id;
    EXPECT_GE(check->explain.size(), 150u) << check->id << " is hardly explained";
    EXPECT_LE(check->limit.count(), 120) << check->id;
  }
}

TEST(AllChecks, DrawTheirRandomNumbersFromSeedAndId) {
  EXPECT_EQ(seed_of(1, "STRM-02"), seed_of(1, "STRM-02"));
  EXPECT_NE(seed_of(1, "STRM-02"), seed_of(2, "STRM-02"));
  EXPECT_NE(seed_of(1, "STRM-02"), seed_of(1, "STRM-03"));
  EXPECT_EQ(seed_of(7, "FUZZ-01"), 13448080625431537621u) << "a seed in an old report must still give the same run";
}

std::string waiver_refusal(std::string_view text) {
  const auto waivers = read_waivers(text, "w.json", few);
  return waivers ? "(taken)" : waivers.error().message;
}

TEST(Waivers, NameACheckAndAReason) {
  const auto waivers = read_waivers(R"({"version":1,"waivers":[{"check":"STRM-11","reason":"upstream differs"}]})", "w.json", few);

  ASSERT_TRUE(waivers) << waivers.error().message;
  EXPECT_THAT(*waivers, ElementsAre(testing::Pair("STRM-11", "upstream differs")));
}

TEST(Waivers, MistakesAreToldWithTheirPlace) {
  EXPECT_THAT(waiver_refusal("{"), HasSubstr("w.json: "));
  EXPECT_THAT(waiver_refusal("[]"), HasSubstr("no JSON object"));
  EXPECT_THAT(waiver_refusal(R"({"version":2,"waivers":[]})"), HasSubstr("version"));
  EXPECT_THAT(waiver_refusal(R"({"version":1})"), HasSubstr("waivers: is no list"));
  EXPECT_THAT(waiver_refusal(R"({"version":1,"waivers":[],"waiver":[]})"), HasSubstr("unknown member \"waiver\""));
  EXPECT_EQ(waiver_refusal(R"({"version":1,"waivers":[{"check":"STRM-11"}]})"),
            "w.json: waivers[0].reason: missing (right would be why STRM-11 need not hold here)");
  EXPECT_THAT(waiver_refusal(R"({"version":1,"waivers":[{"check":"STRM-11","reason":" "}]})"), HasSubstr("reason: missing"));
  EXPECT_THAT(waiver_refusal(R"({"version":1,"waivers":[{"check":"STRN-11","reason":"x"}]})"), HasSubstr("did you mean STRM-11?"));
  EXPECT_THAT(waiver_refusal(R"({"version":1,"waivers":[{"check":"STRM-11","reason":"x"},{"check":"STRM-11","reason":"y"}]})"), HasSubstr("waived twice"));
}

}  // namespace
}  // namespace belay::conform
