// belay.json/1 as a plugin sees it.
#include "belay/ext/json.h"

#include <cstddef>
#include <cstring>

#include "fixtures.hpp"
#include "host_table.hpp"

namespace belay::plugins {
namespace {

const belay_json& service() { return *static_cast<const belay_json*>(host_table().get_extension(lent(BELAY_JSON_ID))); }

/// A parsed text, or null.
struct Doc {
  explicit Doc(std::string_view text) : raw(service().parse(lent(text), nullptr)) {}
  ~Doc() {
    if (raw != nullptr) service().release(raw);
  }
  Doc(const Doc&) = delete;
  Doc& operator=(const Doc&) = delete;

  [[nodiscard]] belay_json_value at(std::string_view pointer, const belay_json_value* from = nullptr) const {
    belay_json_value out{};
    out.size = sizeof out;
    service().get(raw, from, lent(pointer), &out);
    return out;
  }
  belay_json_doc* raw;
};

TEST(JsonReader, ReadsEveryKindOfValue) {
  const Doc doc(R"({"n":null,"b":true,"i":-42,"s":"a\n\u00e9","a":[1,2],"o":{"x":1}})");

  EXPECT_EQ(doc.at("/n").type, BELAY_JSON_NULL);
  EXPECT_EQ(doc.at("/b").type, BELAY_JSON_BOOL);
  EXPECT_EQ(doc.at("/b").integer, 1);
  EXPECT_EQ(doc.at("/i").integer, -42);
  EXPECT_EQ(text_of(doc.at("/s").string), "a\n\xc3\xa9");
  EXPECT_EQ(doc.at("/a").integer, 2);
  EXPECT_EQ(doc.at("/a/1").integer, 2);
  EXPECT_EQ(doc.at("/o/x").integer, 1);
  EXPECT_EQ(doc.at("").type, BELAY_JSON_OBJECT);
  EXPECT_EQ(doc.at("/none").type, BELAY_JSON_ABSENT);
  EXPECT_EQ(doc.at("/a/2").type, BELAY_JSON_ABSENT);
  EXPECT_EQ(doc.at("none").type, BELAY_JSON_ABSENT);
}

// Upstreams and callers write "\ud83d" alone; what a plugin gets of it has to be UTF-8 all the same, or its texts are not.
TEST(JsonReader, HalfCharactersAreReplaced) {
  const Doc doc(R"({"low":"no\ude00w","high":"no\ud83dw","both":"\ud83d\ude00","\udc00":1})");

  EXPECT_EQ(text_of(doc.at("/low").string), "no\xEF\xBF\xBDw");
  EXPECT_EQ(text_of(doc.at("/high").string), "no\xEF\xBF\xBDw");
  EXPECT_EQ(text_of(doc.at("/both").string), "\xF0\x9F\x98\x80");
  EXPECT_EQ(doc.at("/\xEF\xBF\xBD").integer, 1);
}

TEST(JsonReader, NumbersStayAsTheyWereWritten) {
  const Doc doc(R"([1.50, 12345678901234567890, 1e3, 9223372036854775807, 0.1])");

  EXPECT_EQ(text_of(doc.at("/0").string), "1.50");
  EXPECT_EQ(doc.at("/0").number, 1.5);
  EXPECT_EQ(doc.at("/0").integer, 0);
  EXPECT_EQ(text_of(doc.at("/1").string), "12345678901234567890");
  EXPECT_EQ(doc.at("/1").integer, 0);
  EXPECT_EQ(doc.at("/2").integer, 1000);
  EXPECT_EQ(doc.at("/3").integer, INT64_MAX);
  EXPECT_EQ(doc.at("/4").number, 0.1);
}

TEST(JsonReader, ElementsComeInOrderWithTheirNames) {
  const Doc doc(R"({"outer":{"z":1,"a":{"deep":[true]},"m":"x"}})");
  const auto outer = doc.at("/outer");
  belay_str name{};
  belay_json_value value{};
  value.size = sizeof value;

  std::string names;
  for (std::uint64_t i = 0; i < 3; ++i) {
    service().element(doc.raw, &outer, i, &name, &value);
    names += text_of(name);
  }
  EXPECT_EQ(names, "zam");
  service().element(doc.raw, &outer, 3, nullptr, &value);
  EXPECT_EQ(value.type, BELAY_JSON_ABSENT);
  EXPECT_EQ(doc.at("/a/deep/0", &outer).type, BELAY_JSON_BOOL);
}

TEST(JsonReader, PointerEscapesAreDecoded) {
  const Doc doc(R"({"a/b":1,"m~n":2,"":3})");

  EXPECT_EQ(doc.at("/a~1b").integer, 1);
  EXPECT_EQ(doc.at("/m~0n").integer, 2);
  EXPECT_EQ(doc.at("/").integer, 3);
}

TEST(JsonReader, BadTextSaysWhere) {
  char room[128];
  belay_error error{sizeof error, 0, {room, sizeof room, 0}};

  EXPECT_EQ(service().parse(lent("{\"a\":1,\n  x}"), &error), nullptr);
  EXPECT_EQ(std::string(room, error.text.len), "line 2, column 3: Missing a name for object member");
  EXPECT_EQ(service().parse({nullptr, 5}, nullptr), nullptr);
  EXPECT_EQ(service().parse(lent("{\"a\":1,\"a\":2}"), nullptr), nullptr);
  EXPECT_EQ(service().parse(lent("\"\xff\""), nullptr), nullptr);
  EXPECT_EQ(service().parse(lent(std::string(97, '[') + std::string(97, ']')), nullptr), nullptr);
}

TEST(JsonReader, WritesNoByteBeyondTheCallersSize) {
  const Doc doc(R"({"a":"text"})");
  belay_json_value value;
  std::memset(static_cast<void*>(&value), 0x5a, sizeof value);
  value.size = offsetof(belay_json_value, string);

  service().get(doc.raw, nullptr, lent("/a"), &value);

  EXPECT_EQ(value.type, BELAY_JSON_STRING);
  EXPECT_EQ(value.size, offsetof(belay_json_value, string));
  EXPECT_EQ(value.string.len, 0x5a5a5a5a5a5a5a5aU);
}

TEST(JsonReader, ValueThatLedNowhereLeadsNowhere) {
  const Doc doc(R"({"a":1})");
  const auto absent = doc.at("/none");

  EXPECT_EQ(doc.at("/a", &absent).type, BELAY_JSON_ABSENT);
}

/// What `write` wrote, or "" when the writer refused it.
template <class Write>
std::string written(Write write) {
  auto* to = service().writer();
  write(service(), to);
  belay_str text{};
  const auto status = service().text(to, &text);
  std::string out = status == BELAY_OK ? text_of(text) : std::string();
  service().release_writer(to);
  return out;
}

TEST(JsonWriter, WritesEveryKindOfValue) {
  EXPECT_EQ(written([](const belay_json& json, belay_json_writer* to) {
              json.begin(to, BELAY_JSON_OBJECT);
              json.name(to, lent("s\""));
              json.string(to, lent("a\n\xff"));
              json.name(to, lent("list"));
              json.begin(to, BELAY_JSON_ARRAY);
              json.integer(to, -1);
              json.real(to, 0.5);
              json.boolean(to, 7);
              json.null(to);
              json.raw(to, lent("{\"k\": 1e3}"));
              json.end(to);
              json.end(to);
            }),
            "{\"s\\\"\":\"a\\n\xef\xbf\xbd\",\"list\":[-1,0.5,true,null,{\"k\": 1e3}]}");
}

TEST(JsonWriter, RefusesWhatIsNoValue) {
  using To = belay_json_writer*;
  EXPECT_EQ(written([](const auto&, To) {}), "");
  EXPECT_EQ(written([](const auto& json, To to) { json.begin(to, BELAY_JSON_ARRAY); }), "");
  EXPECT_EQ(written([](const auto& json, To to) { json.end(to); }), "");
  EXPECT_EQ(written([](const auto& json, To to) { json.null(to), json.null(to); }), "");
  EXPECT_EQ(written([](const auto& json, To to) { json.begin(to, BELAY_JSON_OBJECT), json.null(to), json.end(to); }),
            "");
  EXPECT_EQ(written([](const auto& json, To to) {
              json.begin(to, BELAY_JSON_OBJECT), json.name(to, lent("a")), json.end(to);
            }),
            "");
  EXPECT_EQ(written([](const auto& json, To to) {
              json.begin(to, BELAY_JSON_ARRAY), json.name(to, lent("a")), json.end(to);
            }),
            "");
  EXPECT_EQ(written([](const auto& json, To to) { json.begin(to, BELAY_JSON_STRING); }), "");
  EXPECT_EQ(written([](const auto& json, To to) { json.real(to, 1e308 * 10); }), "");
  EXPECT_EQ(written([](const auto& json, To to) { json.raw(to, lent("{")); }), "");
  EXPECT_EQ(written([](const auto& json, To to) { json.string(to, {nullptr, 3}); }), "");
}

}  // namespace
}  // namespace belay::plugins
