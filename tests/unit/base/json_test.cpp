#include "base/json.hpp"

#include <gtest/gtest.h>

namespace belay {
namespace {

std::string error_of(std::string_view text, const json::Limits& limits = {}) {
  const auto parsed = json::parse(text, limits);
  return parsed ? "" : parsed.error().message;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, ParsesEveryKindOfValue) {
  const auto parsed = json::parse(
      R"({"s":"a\u0041\n\ud83d\ude00","i":-7,"big":18446744073709551615,"d":1.5e3,"t":true,"n":null,"a":[1,[2]],"o":{}})");

  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(json::string_at(*parsed, "s"), "aA\n😀");
  EXPECT_EQ(json::int_at(*parsed, "i"), -7);
  EXPECT_EQ((*parsed)["big"].GetUint64(), 18446744073709551615u);
  EXPECT_EQ(json::number_at(*parsed, "d"), 1500.0);
  EXPECT_EQ(json::bool_at(*parsed, "t"), true);
  EXPECT_TRUE(json::find(*parsed, "n")->IsNull());
  EXPECT_EQ(json::text(*json::find(*parsed, "a")), "[1,[2]]");
  EXPECT_TRUE(json::find(*parsed, "o")->ObjectEmpty());
}

TEST(Json, NumbersAreTheNearestDouble) {
  EXPECT_EQ(json::parse("0.1")->GetDouble(), 0.1);
  EXPECT_EQ(json::parse("-2555555555555555555555555555555555555555")->GetDouble(),
            -2555555555555555555555555555555555555555.0);
  EXPECT_EQ(json::parse("0e100")->GetDouble(), 0.0);
  EXPECT_EQ(json::parse("1.7976931348623157e308")->GetDouble(), 1.7976931348623157e308);
  EXPECT_EQ(json::parse("1e-400")->GetDouble(), 0.0);
  EXPECT_EQ(json::parse("-9223372036854775808")->GetInt64(), INT64_MIN);
  EXPECT_TRUE(json::parse("18446744073709551616")->IsDouble());
}

TEST(Json, RefusesNumbersBeyondADouble) {
  for (const std::string& number :
       {std::string("1e309"), std::string("-1e999"), std::string("1.8e308"), std::string(400, '9')}) {
    EXPECT_NE(error_of(number).find("Number too big to be stored in double"), std::string::npos) << number;
    EXPECT_FALSE(json::index_object("{\"n\":" + number + "}")) << number;
  }
}

TEST(Json, AnyValueMayBeTheWhole) {
  for (const char* text : {"1", "\"x\"", "null", "[]", " {} "}) EXPECT_EQ(error_of(text), "") << text;
}

TEST(Json, TheDocumentOutlivesTheText) {
  std::string text = R"({"name":"value that is long enough to be on the heap"})";
  const auto parsed = json::parse(text);
  std::fill(text.begin(), text.end(), 'x');

  ASSERT_TRUE(parsed);
  EXPECT_EQ(json::string_at(*parsed, "name"), "value that is long enough to be on the heap");
}

TEST(Json, AMovedDocumentKeepsItsStrings) {
  std::optional<json::Document> kept;
  {
    auto parsed = json::parse(R"({"name":"value"})");
    ASSERT_TRUE(parsed);
    kept = std::move(*parsed);
  }
  EXPECT_EQ(json::string_at(*kept, "name"), "value");
}

TEST(Json, ErrorsNameLineAndColumn) {
  EXPECT_EQ(error_of("{\n  \"a\": 1,\n  \"b\" 2\n}"),
            "line 3, column 7: Missing a colon after a name of object member");
  EXPECT_EQ(error_of(""), "line 1, column 1: The document is empty");
}

TEST(Json, RefusesWhatTheGrammarDoesNotAllow) {
  for (const char* text : {"{", "[1,]", "{\"a\":1,}", "01", "+1", "1.", ".5", "NaN", "Infinity", "'a'", "{a:1}",
                           "\"\\x\"", "tru", "1 2", "// c\n1", "\"a\nb\"", "[1 2]", "\"open"}) {
    EXPECT_NE(error_of(text), "") << text;
  }
}

TEST(Json, RefusesInvalidUtf8) { EXPECT_EQ(error_of("\"\xc3\x28\""), "the text is not valid UTF-8"); }

// RapidJSON takes NUL for the end of the text and would accept whatever stands behind it.
TEST(Json, HalfACharacterIsReadAsTheReplacementCharacter) {
  const auto view = [](const char* text) { return std::string(json::view(*json::parse(text))); };

  EXPECT_EQ(view(R"("a\ud800b")"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(view(R"("\udcff\uDCFF")"), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(view(R"("\ud800\ud83d\ude00")"), "\xef\xbf\xbd😀");
  EXPECT_EQ(view(R"("\uD83D\uDE00\ud41d")"), "😀\xed\x90\x9d");
  EXPECT_EQ(view(R"("\\ud800")"), "\\ud800");
  EXPECT_EQ(view(R"("\\\ud800")"), "\\\xef\xbf\xbd");
  EXPECT_EQ(error_of(R"("\ud8")"), "line 1, column 2: Incorrect hex digit after \\u escape in string");
}

TEST(Json, RefusesNul) {
  EXPECT_EQ(error_of(std::string_view("{}\0{}", 5)),
            "line 1, column 3: a raw control character; inside a string it is written \\u0000");
}

// The SIMD path of RapidJSON 1.1.0 compares with 0x19 instead of 0x1f.
TEST(Json, RefusesEveryRawControlCharacterAtEveryPlaceOfAString) {
  for (char c = 0; c < 0x20; ++c) {
    for (std::size_t at = 0; at < 100; ++at) {
      std::string text = "\"" + std::string(100, 'x') + "\"";
      text[1 + at] = c;
      EXPECT_NE(error_of(text), "") << int{c} << " at " << at;
    }
  }
}

TEST(Json, AByteOrderMarkIsSkipped) {
  EXPECT_EQ(error_of("\xef\xbb\xbf{\"a\":1}"), "");
  EXPECT_NE(error_of("\xef\xbb{\"a\":1}"), "");
}

TEST(Json, RefusesANameThatStandsTwiceAtAnyDepth) {
  EXPECT_EQ(error_of(R"({"a":1,"a":2})"), "line 1, column 9: the name \"a\" stands twice in one object");
  EXPECT_EQ(error_of(R"([{"x":{"b":1,"\u0062":2}}])"), "line 1, column 15: the name \"b\" stands twice in one object");
  EXPECT_EQ(error_of(R"({"a":{"a":{"a":1}},"b":{"a":1}})"), "");
}

TEST(Json, RefusesADoubledNameAmongMany) {
  std::string members;
  for (int i = 0; i < 300; ++i) members += (i > 0 ? "," : "") + ("\"n" + std::to_string(i)) + "\":1";

  EXPECT_EQ(error_of("{" + members + "}"), "");
  EXPECT_NE(error_of("{" + members + ",\"n17\":2}"), "");
}

TEST(Json, DepthIsCapped) {
  EXPECT_EQ(error_of(nested(96)), "");
  EXPECT_EQ(error_of(nested(97)), "line 1, column 97: too many levels of arrays and objects");
  EXPECT_NE(error_of(nested(5'000'000)), "");
  EXPECT_EQ(error_of("[\"[[[[\"]", {1000, 1}), "");
}

TEST(Json, SizeIsCapped) {
  EXPECT_EQ(error_of("[1]", {3, 9}), "");
  EXPECT_EQ(error_of("[1] ", {3, 9}), "the text has more than the 3 bytes that are read here");
}

TEST(Json, PointersFollowRfc6901) {
  const auto parsed = json::parse(R"({"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"~1":9})");
  ASSERT_TRUE(parsed);

  EXPECT_EQ(json::at(*parsed, ""), &*parsed);
  EXPECT_EQ(json::view(*json::at(*parsed, "/foo/1")), "baz");
  EXPECT_EQ(json::at(*parsed, "/")->GetInt(), 0);
  EXPECT_EQ(json::at(*parsed, "/a~1b")->GetInt(), 1);
  EXPECT_EQ(json::at(*parsed, "/m~0n")->GetInt(), 8);
  EXPECT_EQ(json::at(*parsed, "/~01")->GetInt(), 9);
  for (const char* nowhere : {"foo", "/foo/2", "/foo/01", "/foo/-1", "/foo/x", "/foo/", "/none", "/foo/0/x"})
    EXPECT_EQ(json::at(*parsed, nowhere), nullptr) << nowhere;
}

TEST(Json, TypedLooksRefuseOtherTypes) {
  const auto parsed = json::parse(R"({"s":"1","i":1,"d":1.5})");
  ASSERT_TRUE(parsed);

  EXPECT_EQ(json::int_at(*parsed, "s"), std::nullopt);
  EXPECT_EQ(json::string_at(*parsed, "i"), std::nullopt);
  EXPECT_EQ(json::int_at(*parsed, "d"), std::nullopt);
  EXPECT_EQ(json::find(*json::find(*parsed, "i"), "x"), nullptr);
}

TEST(Json, QuotedIsALiteralOfTheSameText) {
  const std::string text = "a\"b\\c\n\r\t\x01\x1f/ü😀";

  const auto parsed = json::parse(json::quoted(text));

  ASSERT_TRUE(parsed);
  EXPECT_EQ(json::view(*parsed), text);
  EXPECT_EQ(json::quoted("x\x02"), "\"x\\u0002\"");
}

TEST(Json, QuotedReplacesInvalidBytes) { EXPECT_EQ(json::quoted("a\xff\xc3z"), "\"a\xef\xbf\xbd\xef\xbf\xbdz\""); }

}  // namespace
}  // namespace belay
