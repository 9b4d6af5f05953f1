#include "schema.hpp"

#include "fixtures.hpp"

namespace belay::plugins {
namespace {

constexpr const char* schema = R"({
  "type": "object", "additionalProperties": false, "required": ["region"],
  "properties": {
    "region": {"enum": ["us", "asia"]},
    "depth": {"type": "integer", "minimum": 1, "maximum": 9},
    "name": {"type": "string", "minLength": 2, "pattern": "^[a-z]+$"},
    "tags": {"type": "array", "maxItems": 1, "items": {"type": "string"}},
    "ratio": {"type": ["number", "null"], "minimum": 0, "exclusiveMinimum": true},
    "nested": {"type": "object", "additionalProperties": false, "required": ["key"], "properties": {"key": {"type": "boolean"}}}
  }
})";

std::string complaint(const std::string& options, const char* with = schema) {
  const auto checked = check_options(with, options, "spare");
  return checked ? "" : checked.error().message;
}

TEST(Schema, ValidOptionsPass) {
  EXPECT_EQ(complaint(R"({"region":"us"})"), "");
  EXPECT_EQ(complaint(R"({"region":"asia","depth":3,"name":"abc","tags":["a"],"ratio":null,"nested":{"key":true}})"),
            "");
}

TEST(Schema, EveryRuleSaysWhatWouldBeRight) {
  const std::string place = "provider.spare.options.";
  EXPECT_EQ(complaint(R"({"region":"eu"})"),
            place + "region: \"eu\" is none of its values (right would be \"us\" or \"asia\")");
  EXPECT_EQ(complaint(R"({"region":"us","depth":"3"})"),
            place + "depth: \"3\" is of the wrong type (right would be: integer)");
  EXPECT_EQ(complaint(R"({"region":"us","depth":0})"), place + "depth: 0 is too small (right would be at least 1)");
  EXPECT_EQ(complaint(R"({"region":"us","depth":10})"), place + "depth: 10 is too large (right would be at most 9)");
  EXPECT_EQ(complaint(R"({"region":"us","ratio":0})"), place + "ratio: 0 is too small (right would be more than 0)");
  EXPECT_EQ(complaint(R"({"region":"us","ratio":"x"})"),
            place + "ratio: \"x\" is of the wrong type (right would be: number or null)");
  EXPECT_EQ(complaint(R"({"region":"us","name":"a"})"),
            place + "name: \"a\" is too short (right would be at least this many characters: 2)");
  EXPECT_EQ(
      complaint(R"({"region":"us","name":"A1"})"),
      place + "name: \"A1\" does not have the right form (right would be what the pattern matches: \"^[a-z]+$\")");
  EXPECT_EQ(complaint(R"({"region":"us","tags":["a","b"]})"),
            place + "tags: [\"a\",\"b\"] has too many items (right would be at most 1)");
  EXPECT_EQ(complaint(R"({"region":"us","tags":[1]})"),
            place + "tags.0: 1 is of the wrong type (right would be: string)");
}

TEST(Schema, UnknownOptionNamesTheLikelyOne) {
  EXPECT_EQ(complaint(R"({"region":"us","dpth":3})"),
            "provider.spare.options.dpth: unknown option (did you mean \"depth\"?)");
  EXPECT_EQ(complaint(R"({"region":"us","nested":{"key":true,"zzzzzz":1}})"),
            "provider.spare.options.nested.zzzzzz: unknown option (there is only key)");
}

TEST(Schema, MissingOptionIsNamed) {
  EXPECT_EQ(complaint("{}"), "provider.spare.options.region: missing (the plugin needs it)");
  EXPECT_EQ(complaint(R"({"region":"us","nested":{}})"),
            "provider.spare.options.nested.key: missing (the plugin needs it)");
}

TEST(Schema, PluginWithoutOptionsTakesNone) {
  EXPECT_EQ(complaint("{}", ""), "");
  EXPECT_EQ(complaint(R"({"depth":1})", ""), "provider.spare.options.depth: unknown option (this plugin has none)");
}

TEST(Schema, OptionsMustBeAnObject) {
  EXPECT_EQ(complaint("[]"), "provider.spare.options: is no table of options");
  EXPECT_EQ(complaint("{"), "provider.spare.options: line 1, column 2: Missing a name for object member");
}

TEST(Schema, ReferencesWithinItWork) {
  constexpr const char* with_reference =
      R"({"definitions":{"small":{"type":"integer","maximum":3}},"properties":{"a":{"$ref":"#/definitions/small"}}})";
  EXPECT_EQ(complaint(R"({"a":3})", with_reference), "");
  EXPECT_EQ(complaint(R"({"a":4})", with_reference),
            "provider.spare.options.a: 4 is too large (right would be at most 3)");
}

TEST(Schema, IsAppliedWhenAnInstanceIsMade) {
  const auto made = fixtures().make("good", {"spare", "http://127.0.0.1:9", R"({"region":"eu"})", ""});

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message,
            "provider.spare.options.region: \"eu\" is none of its values (right would be \"us\" or \"asia\")");
  EXPECT_TRUE(fixtures().make("good", {"spare", "http://127.0.0.1:9", R"({"region":"us"})", ""}));
}

}  // namespace
}  // namespace belay::plugins
