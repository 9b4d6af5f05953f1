#include <gtest/gtest.h>

#include "base/json.hpp"

namespace belay {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs members_of(std::string_view text) {
  const auto members = json::index_object(text);
  EXPECT_TRUE(members) << members.error().message;
  Pairs pairs;
  for (const auto& member : *members) pairs.emplace_back(member.name, member.value);
  return pairs;
}

std::string error_of(std::string_view text, const json::Limits& limits = {}) {
  const auto members = json::index_object(text, limits);
  return members ? "" : members.error().message;
}

TEST(JsonIndex, ListsTopLevelMembersInOrder) {
  EXPECT_EQ(members_of(R"({"model":"m","messages":[{"role":"user"}],"n":-1.5e+3,"s":true,"x":null,"o":{"a":{}}})"),
            (Pairs{{"model", "\"m\""},
                   {"messages", R"([{"role":"user"}])"},
                   {"n", "-1.5e+3"},
                   {"s", "true"},
                   {"x", "null"},
                   {"o", R"({"a":{}})"}}));
}

TEST(JsonIndex, LeavesOutWhiteSpace) {
  EXPECT_EQ(members_of(" {\n\t\"a\" :\r\n [ 1 , 2 ]\n , \"b\":1\t} \n"), (Pairs{{"a", "[ 1 , 2 ]"}, {"b", "1"}}));
}

TEST(JsonIndex, NamesStayAsWritten) { EXPECT_EQ(members_of(R"({"\u0061\"\\":1})"), (Pairs{{R"(\u0061\"\\)", "1"}})); }

TEST(JsonIndex, SeparatorsInsideStringsAreNone) {
  EXPECT_EQ(members_of(R"({"a":"},\",{","b:,}":"\\","c":"x"})"),
            (Pairs{{"a", R"("},\",{")"}, {"b:,}", R"("\\")"}, {"c", "\"x\""}}));
}

TEST(JsonIndex, AnEmptyObjectHasNoMembers) {
  EXPECT_TRUE(members_of("{}").empty());
  EXPECT_TRUE(members_of(" { } ").empty());
}

TEST(JsonIndex, ViewsPointIntoTheText) {
  const std::string text = R"({"model":"m"})";

  const auto members = json::index_object(text);

  ASSERT_TRUE(members);
  EXPECT_EQ(members->front().value.data(), text.data() + 9);
}

TEST(JsonIndex, ListsMoreMembersThanItsFirstRoom) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":" + std::to_string(i * 2);

  const auto pairs = members_of(text + "}");

  ASSERT_EQ(pairs.size(), 1000u);
  EXPECT_EQ(pairs[999], (std::pair<std::string, std::string>{"999", "1998"}));
}

TEST(JsonIndex, OnlyAnObjectHasMembers) {
  for (const char* text : {"[]", "1", "\"x\"", "null", "[{\"a\":1}]"})
    EXPECT_NE(error_of(text).find("not a JSON object"), std::string::npos) << text;
}

TEST(JsonIndex, ChecksTheWholeTextAsParseDoes) {
  for (const char* inside : {"[1,]", "{\"a\":1,}", "01", "1.", "NaN", "\"\\x\"", "tru", "1 2", "\"open",
                             "{\"a\":1,\"a\":1}", "\"a\nb\"", "\"\x1b\"", "\"\xff\""}) {
    const std::string text = "{\"x\":" + std::string(inside) + "}";
    const auto parsed = json::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(error_of(text), parsed.error().message);
  }
}

TEST(JsonIndex, RefusesADoubledName) {
  EXPECT_EQ(error_of(R"({"model":1,"x":2,"\u006dodel":3})"),
            "line 1, column 19: the name \"model\" stands twice in one object");
}

TEST(JsonIndex, DepthCountsTheObjectItself) {
  EXPECT_EQ(error_of(R"({"a":[1]})", {100, 2}), "");
  EXPECT_NE(error_of(R"({"a":[[1]]})", {100, 2}), "");
}

TEST(JsonIndex, RefusesTextBehindTheObject) { EXPECT_NE(error_of("{} {}"), ""); }

// The SIMD path reads ahead in blocks of 16: every length and every place of a quote in the block.
TEST(JsonIndex, IsRightAtEveryLength) {
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string value = "\"" + std::string(size, 'v') + "\"";
    EXPECT_EQ(members_of("{\"k\":" + value + ",\"l\":1}"), (Pairs{{"k", value}, {"l", "1"}}));
  }
}

}  // namespace
}  // namespace belay
