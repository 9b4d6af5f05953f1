// One pass over plain JSON: what it takes is JSON, and what is read by it is what a document would have said.
#include "json_cursor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "completion.hpp"
#include "reply.hpp"

namespace belay::runtime {
namespace {

using testing::ElementsAre;

bool is_plain_object(std::string_view text) {
  JsonCursor at(text);
  return JsonCursor::is_plain(text) && at.sees('{') && at.skip() && at.at_end();
}

TEST(JsonCursor, PlainObjectsAreWhatADocumentIsMadeOf) {
  for (const char* text : {"{}", " { } ", R"({"a":[1,-2.5,0,10],"b":{"c":null,"d":true,"e":false},"f":"x\"\\\u00e9\n"})", "{\"\xc3\xa9\":\"\xc3\xa9\"}", R"({"a":[],"b":[ {} , "" ]})"}) {
    EXPECT_TRUE(is_plain_object(text)) << text;
    EXPECT_TRUE(json::parse(text)) << text;
  }
  // Left to the parser, whatever it says.
  for (const char* text : {"", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\":1}x", "{\"a\":01}", "{\"a\":-}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":1e5}", "{\"a\":tru}", "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\", "{\"a\":\"x", "{\"a\":\"\x01\"}", "{\"a\":\"\xff\"}", "{\n}", "{\"a\":[1 2]}", "{'a':1}", "{\"a\":[}"}) {
    EXPECT_FALSE(is_plain_object(text)) << text;
  }
  EXPECT_TRUE(is_plain_object("{\"a\":" + std::string(60, '[') + std::string(60, ']') + "}"));
  std::string wide = "{\"a\":[0";
  for (int i = 0; i < 200; ++i) wide += ",{},[]";
  EXPECT_TRUE(is_plain_object(wide + "]}")) << "many beside each other are not deep";
  EXPECT_FALSE(is_plain_object("{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}"));
}

TEST(JsonCursor, PlainObjectsOfAnyBytesAreJson) {
  std::mt19937 random(7);
  const std::string_view alphabet = "{}[]\":,0123456789.-eE \\utrfalsn\x01\xc3\xa9";
  int plain = 0;
  for (int i = 0; i < 300'000; ++i) {
    std::string text = "{\"a\":[1,\"b\",{\"c\":null}],\"d\":-0.5}";
    for (int edits = static_cast<int>(random() % 3); edits >= 0; --edits) text[1 + random() % (text.size() - 1)] = alphabet[random() % alphabet.size()];
    if (!is_plain_object(text)) continue;
    ++plain;
    const auto document = json::parse(text);
    ASSERT_TRUE(document.ok() || document.error().message.find("twice") != std::string::npos) << text << ": " << document.error().message;
  }
  EXPECT_GT(plain, 1000);
}

TEST(JsonCursor, HandsOutWhatIsWantedAndSkipsTheRest) {
  const std::string_view text = R"({ "a" : 1 , "b":"x,}\"\\" , "c" :[ {"d":[]} , 2 ],"e":{}, "a name of more than sixteen bytes" : null})";
  JsonCursor at(text);
  std::vector<std::string> seen;
  EXPECT_TRUE(at.object([&](std::string_view name) {
    if (name == "e") return at.skip();
    if (name != "c") {
      seen.push_back(std::string(name) + "=" + std::string(at.value()));
      return true;
    }
    return at.array([&](std::size_t index) {
      seen.push_back(std::to_string(index) + "=" + std::string(at.value()));
      return true;
    });
  }));
  EXPECT_TRUE(at.at_end());
  EXPECT_THAT(seen, ElementsAre("a=1", R"(b="x,}\"\\")", R"(0={"d":[]})", "1=2", "a name of more than sixteen bytes=null"));
}

TEST(JsonCursor, TextsAreDecodedAndCountsAreWholeNumbers) {
  std::string text = "a";
  EXPECT_TRUE(append_text("\"b\"", text));
  EXPECT_TRUE(append_text(R"("\n\u00e9")", text));
  EXPECT_FALSE(append_text("7", text));
  EXPECT_FALSE(append_text("", text));
  EXPECT_EQ(text, "ab\n\xc3\xa9");
  EXPECT_EQ(count("42"), 42);
  for (const char* no : {"", "4.5", "\"4\"", "null", "4e2"}) EXPECT_EQ(count(no), -1) << no;
}

TEST(JsonCursor, UsageIsThatOfADocument) {
  const std::string text = R"({"prompt_tokens": 10,"completion_tokens":4,"prompt_tokens_details":{"audio_tokens":0,"cached_tokens":6},"completion_tokens_details":null})";
  JsonCursor at(text);
  fallback::Usage usage;
  ASSERT_TRUE(read_usage(at, usage));
  const auto by_document = usage_of(*json::parse(text));
  EXPECT_EQ(usage.prompt, by_document.prompt);
  EXPECT_EQ(usage.completion, by_document.completion);
  EXPECT_EQ(usage.cached, 6);
  EXPECT_EQ(usage.reasoning, by_document.reasoning);
}

/// A reply that is past its commit point, fed one more chunk.
struct Committed {
  std::vector<std::string> texts;
  std::size_t delivered = 0;
  std::unique_ptr<Reply> reply = std::make_unique<Reply>(Reply::Setup{.streamed = true}, [this](std::string_view, std::string_view text) {
    ++delivered;
    texts.emplace_back(text);
  });
  Committed() { raw(R"({"id":"1","choices":[{"index":0,"delta":{"content":"<"},"finish_reason":null}]})"); }
  bool raw(std::string_view bytes) {
    belay_event event{};
    event.size = sizeof event;
    event.type = BELAY_EVENT_RAW;
    event.a = {bytes.data(), bytes.size()};
    return reply->on_event(event);
  }
};

TEST(PlainChunks, OfTextAreReadAsEver) {
  Committed fed;
  EXPECT_TRUE(fed.raw(R"({"choices":[{"delta":{"role":"assistant","content":"a\"b","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null})"));
  EXPECT_FALSE(fed.raw(R"({"choices":[{"delta":{"content":""}}]})"));
  EXPECT_THAT(fed.texts, ElementsAre("<", "a\"b", ""));
  EXPECT_EQ(fed.reply->text(), "<a\"b");
}

TEST(PlainChunks, AnythingElseIsLookedAtInFull) {
  Committed fed;
  EXPECT_TRUE(fed.raw(R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":""}}]}}]})"));
  EXPECT_TRUE(fed.raw(R"({"choices":[{"delta":{"reasoning_content":"hm"}}]})"));
  EXPECT_FALSE(fed.raw(R"({"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}})"));
  EXPECT_EQ(fed.reply->usage().prompt, 7);
  EXPECT_TRUE(fed.raw(R"({"choices":[{"index":1,"delta":{"content":"x"}},{"index":0,"delta":{"content":"y"}}]})"));
  EXPECT_FALSE(fed.reply->finished());
  EXPECT_TRUE(fed.raw(R"({"choices":[{"delta":{"content":"."},"finish_reason":"stop"}]})"));
  EXPECT_TRUE(fed.reply->finished());
  EXPECT_EQ(fed.delivered, 6u);
  EXPECT_FALSE(fed.raw(R"({"choices":[{"delta":{"content":"."}}],"error":{"message":"no"}})"));
  ASSERT_TRUE(fed.reply->error());
  EXPECT_TRUE(fed.reply->error()->told);

  Committed broken;
  EXPECT_FALSE(broken.raw(R"({"choices":[{"delta":{"content":"x"})"));
  ASSERT_TRUE(broken.reply->error());
  EXPECT_FALSE(broken.reply->error()->told);
}

}  // namespace
}  // namespace belay::runtime
