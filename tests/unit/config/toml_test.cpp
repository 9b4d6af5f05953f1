#include "toml.hpp"

#include <gmock/gmock.h>

#include "world.hpp"

namespace belay::config {
namespace {

using testing::ElementsAre;

std::vector<std::string> problems(std::string_view text) {
  Report report;
  EXPECT_FALSE(parse_toml(text, report.name("f"), report));
  return texts(report.errors());
}

TEST(Toml, KeepsTheOrderThatPeopleWrote) {
  Report report;
  const auto root = parse_toml("[z.b]\nk = 1\n[a]\n[z.a]\n[z.c]\nx.q = 1\nx.b = 2\n", report.name("f"), report);

  ASSERT_TRUE(root);
  std::vector<std::string> names;
  for (const Node& member : root->items) names.push_back(member.key);
  for (const Node& member : root->find("z")->items) names.push_back(member.key);
  for (const Node& member : root->find("z")->find("c")->find("x")->items) names.push_back(member.key);
  EXPECT_THAT(names, ElementsAre("z", "a", "b", "a", "c", "q", "b"));
}

TEST(Toml, KnowsWhereEverythingStands) {
  Report report;
  const auto root =
      parse_toml("[provider.x]\nmodel = \"m\"\n[[provider.x.credential]]\nid = 'k'\n", report.name("f"), report);

  ASSERT_TRUE(root);
  const Node& x = *root->find("provider")->find("x");
  EXPECT_EQ(x.key_place.line, 1u);
  EXPECT_EQ(x.key_place.column, 11u);
  EXPECT_EQ(x.find("model")->key_place.line, 2u);
  EXPECT_EQ(x.find("model")->place.column, 9u);
  EXPECT_EQ(x.find("credential")->items.at(0).place.line, 3u);
}

TEST(Toml, ReadsEveryKindOfValue) {
  Report report;
  const auto root = parse_toml("s = 'x'\ni = -1\nf = 0.5\nb = true\nd = 1979-05-27\na = [1, 'x']\nt = { k = 1 }\n",
                               report.name("f"), report);

  ASSERT_TRUE(root);
  std::string kinds;
  for (const Node& member : root->items) kinds += std::string(member.kind_name()) + "; ";
  EXPECT_EQ(kinds, "a string; an integer; a number with a fraction; a boolean; a date or time; an array; a table; ");
  EXPECT_EQ(root->find("i")->integer, -1);
  EXPECT_EQ(root->find("f")->number, 0.5);
}

// toml++ 3.3.0 aborts the process on each of these in a build with assertions.
TEST(Toml, SurvivesWhatAbortsTheParser) {
  for (const std::string_view text : {"[$]", "[.a]", "[,]", "[@]", "[!x]"}) {
    EXPECT_THAT(problems(text), ElementsAre(testing::StartsWith("f:1:2: not TOML: "))) << text;
  }
  EXPECT_EQ(problems(std::string_view("[\0", 2)).size(), 1u);
}

TEST(Toml, ExplainsUnquotedText) {
  EXPECT_THAT(problems("deadline = 300s\n"), ElementsAre("f:1:15: not TOML: parsing decimal integer: expected digit, "
                                                         "saw 's' (text, durations too, stands in quotes: \"300s\")"));
}

TEST(Toml, ExplainsARepeatedTable) {
  EXPECT_THAT(problems("[a]\nb = 1\n[a]\nb = 2\n"),
              ElementsAre("f:3:1: not TOML: parsing table header: cannot redefine existing table 'a' (write each table "
                          "and key once in a file)"));
}

TEST(Toml, ExplainsAStringThatIsNotClosed) {
  EXPECT_THAT(problems("a = \"x\nb = 1\n"),
              ElementsAre("f:1:7: not TOML: parsing string: a string ends on its own line (close it with a quote)"));
}

TEST(Toml, BoundsNesting) {
  EXPECT_THAT(problems("a = " + std::string(100, '[') + std::string(100, ']')),
              ElementsAre(testing::HasSubstr("depth")));
}

}  // namespace
}  // namespace belay::config
