// What is content, an error told inside a 200, an end, or no reply at all; nothing leaves before the commit point.
#include "reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace belay::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Fed {
  std::vector<std::string> data;
  std::string text;
  std::unique_ptr<Reply> reply;

  explicit Fed(bool streamed, bool chat = true) : Fed(Reply::Setup{.streamed = streamed, .chat = chat}) {}
  explicit Fed(const Reply::Setup& setup)
      : reply(std::make_unique<Reply>(setup, [this](std::string_view event, std::string_view words) {
          data.emplace_back(event);
          text += words;
        })) {}

  bool raw(std::string_view bytes) {
    belay_event event{};
    event.size = sizeof event;
    event.type = BELAY_EVENT_RAW;
    event.a = {bytes.data(), bytes.size()};
    return reply->on_event(event);
  }
  void canonical(std::uint32_t type, std::string_view a = "", std::string_view b = "", std::int64_t num = 0, std::uint32_t index = 0) {
    belay_event event{};
    event.size = sizeof event;
    event.type = type;
    event.a = {a.data(), a.size()};
    event.b = {b.data(), b.size()};
    event.num = num;
    event.index = index;
    reply->on_event(event);
  }
};

std::string delta(const std::string& what, const std::string& finish = "null") {
  return R"({"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":)" + what + R"(,"finish_reason":)" + finish + "}]}";
}

TEST(Reply, AnOpeningRoleIsNoContentAndWaitsForIt) {
  Fed fed(true);

  EXPECT_FALSE(fed.raw(delta(R"({"role":"assistant","content":""})")));
  EXPECT_THAT(fed.data, IsEmpty());
  EXPECT_TRUE(fed.raw(delta(R"({"content":"hi"})")));

  EXPECT_THAT(fed.data, SizeIs(2));
  EXPECT_EQ(fed.text, "hi");
  EXPECT_TRUE(fed.reply->committed());
}

TEST(Reply, TextReasoningToolsAndRefusalsAreContent) {
  for (const char* what : {R"({"content":"x"})", R"({"reasoning_content":"x"})", R"({"reasoning":"x"})", R"({"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":""}}]})",
                           R"({"refusal":"no"})"}) {
    Fed fed(true);
    EXPECT_TRUE(fed.raw(delta(what))) << what;
  }
  for (const char* what : {"{}", R"({"content":null})", R"({"role":"assistant"})", R"({"tool_calls":[]})"}) {
    Fed fed(true);
    EXPECT_FALSE(fed.raw(delta(what))) << what;
  }
}

TEST(Reply, AnErrorEventBeforeContentIsTold) {
  Fed fed(true);
  fed.raw(delta(R"({"role":"assistant"})"));
  fed.raw(R"({"error":{"message":"slow down","code":429}})");

  ASSERT_TRUE(fed.reply->error());
  EXPECT_TRUE(fed.reply->error()->told);
  EXPECT_EQ(fed.reply->error()->text.code, "429");
  EXPECT_THAT(fed.data, IsEmpty());
}

TEST(Reply, AStreamWithoutFinishAndEndMarkIsNoWholeAnswer) {
  Fed fed(true);
  fed.raw(delta(R"({"content":"half"})"));
  fed.reply->end(true);
  ASSERT_TRUE(fed.reply->error());
  EXPECT_FALSE(fed.reply->error()->told);
}

TEST(Reply, EitherAFinishReasonOrAnEndMarkMakesItWhole) {
  Fed finish(true);
  finish.raw(delta(R"({"content":"x"})"));
  finish.raw(delta("{}", "\"stop\""));
  finish.reply->end(true);
  EXPECT_FALSE(finish.reply->error());

  Fed mark(true);
  mark.raw(delta(R"({"content":"x"})"));
  mark.raw("[DONE]");
  mark.reply->end(true);
  EXPECT_FALSE(mark.reply->error());
}

TEST(Reply, AnEndMarkAloneIsNoReply) {
  Fed fed(true);
  fed.raw("[DONE]");
  fed.reply->end(true);
  EXPECT_TRUE(fed.reply->error());
}

TEST(Reply, WhatComesBehindTheEndMarkIsIgnored) {
  Fed fed(true);
  fed.raw(delta(R"({"content":"x"})"));
  fed.raw("[DONE]");
  fed.raw(R"({"error":{"message":"late"}})");
  EXPECT_FALSE(fed.reply->error());
  EXPECT_THAT(fed.data, SizeIs(1));
}

TEST(Reply, AStreamIsPutTogetherForACallerWhoWantsOneBody) {
  Fed fed(false);
  fed.raw(delta(R"({"role":"assistant","content":""})"));
  fed.raw(delta(R"({"content":"he"})"));
  fed.raw(delta(R"({"content":"llo"})"));
  fed.raw(delta(R"({"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\""}}]})"));
  fed.raw(delta(R"({"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]})"));
  fed.raw(delta("{}", "\"tool_calls\""));
  fed.raw(R"({"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}})");
  fed.raw("[DONE]");
  fed.reply->end(true);

  const auto body = json::parse(fed.reply->body());
  ASSERT_TRUE(body);
  EXPECT_EQ(json::view(*json::at(*body, "/choices/0/message/content")), "hello");
  EXPECT_EQ(json::view(*json::at(*body, "/choices/0/message/tool_calls/0/function/arguments")), R"({"a":1})");
  EXPECT_EQ(json::view(*json::at(*body, "/choices/0/finish_reason")), "tool_calls");
  EXPECT_EQ(fed.reply->usage().prompt, 7);
  EXPECT_THAT(fed.data, IsEmpty());
}

TEST(Reply, AWholeBodyPassesUntouched) {
  Fed fed(false);
  const std::string body = R"({"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"hi","own":{"a":1}},"finish_reason":"stop"}],"own":2})";
  fed.raw(body);
  fed.reply->end(true);
  EXPECT_EQ(fed.reply->body(), body);
  EXPECT_EQ(fed.reply->text(), "hi");
}

TEST(Reply, APlainBodyBecomesEventsForAStreamingCaller) {
  Fed fed(true);
  fed.raw(R"({"id":"x","model":"m","choices":[{"message":{"role":"assistant","content":"hi","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]})");
  fed.reply->end(true);

  EXPECT_THAT(fed.data, ElementsAre(HasSubstr(R"("index":0)"), HasSubstr(R"("finish_reason":"tool_calls")")));
  EXPECT_EQ(fed.text, "hi");
  EXPECT_FALSE(fed.reply->error());
}

TEST(Reply, TextWithoutChoicesIsANormalAnswer) {
  for (const char* body : {R"({"output_text":"recovered"})", R"({"output":[{"content":[{"type":"output_text","text":"recovered"}]}]})", R"({"choices":[{"text":"recovered"}]})"}) {
    Fed fed(false);
    fed.raw(body);
    fed.reply->end(true);
    ASSERT_FALSE(fed.reply->error()) << body;
    const auto made = json::parse(fed.reply->body());
    EXPECT_EQ(json::view(*json::at(*made, "/choices/0/message/content")), "recovered");
  }
}

TEST(Reply, WhatIsNoReplyIsSaidSo) {
  for (const char* body : {"not json", "[]", "{}", R"({"choices":[]})", R"({"object":"list","data":[]})"}) {
    Fed fed(false);
    fed.raw(body);
    fed.reply->end(true);
    ASSERT_TRUE(fed.reply->error()) << body;
    EXPECT_FALSE(fed.reply->error()->told);
  }
}

TEST(Reply, AnErrorObjectInAWholeBodyIsTold) {
  Fed fed(false);
  fed.raw(R"({"error":{"message":"insufficient credits","code":402},"choices":[]})");
  ASSERT_TRUE(fed.reply->error());
  EXPECT_TRUE(fed.reply->error()->told);
}

TEST(Reply, CanonicalEventsBecomeChunksAndABody) {
  Fed fed(true);
  fed.canonical(BELAY_EVENT_MESSAGE_START, "id1", "extractive-1");
  fed.canonical(BELAY_EVENT_PING);
  fed.canonical(BELAY_EVENT_TEXT, "one ");
  fed.canonical(BELAY_EVENT_TEXT, "two");
  fed.canonical(BELAY_EVENT_STOP, "", "", BELAY_STOPPED_END);
  fed.reply->end(true);

  EXPECT_EQ(fed.text, "one two");
  EXPECT_THAT(fed.data, SizeIs(4));
  EXPECT_THAT(fed.data.front(), HasSubstr(R"("model":"extractive-1")"));
  EXPECT_FALSE(fed.reply->error());
}

TEST(Reply, TheUsageOfCanonicalEventsIsAChunkOnlyForThoseWhoAskedForIt) {
  for (const bool asked : {false, true}) {
    Fed fed(Reply::Setup{.streamed = true, .usage_chunk = asked});
    fed.canonical(BELAY_EVENT_MESSAGE_START, "id1", "m");
    fed.canonical(BELAY_EVENT_TEXT, "one");
    const belay_usage usage{sizeof(belay_usage), 0, 5, 1, -1, -1, -1, -1};
    belay_event event{};
    event.size = sizeof event;
    event.type = BELAY_EVENT_USAGE;
    event.usage = &usage;
    fed.reply->on_event(event);
    fed.canonical(BELAY_EVENT_STOP, "", "", BELAY_STOPPED_END);

    EXPECT_THAT(fed.data, SizeIs(asked ? 4 : 3));
    EXPECT_EQ(fed.data.back().find("\"prompt_tokens\":5") != std::string::npos, asked);
    EXPECT_EQ(fed.reply->usage().prompt, 5);
  }
}

TEST(Reply, EmbeddingsAndModelsPassAsTheyAre) {
  Fed fed(false, false);
  fed.canonical(BELAY_EVENT_RESULT, R"({"object":"list","data":[]})");
  fed.reply->end(true);
  EXPECT_EQ(fed.reply->body(), R"({"object":"list","data":[]})");
  EXPECT_FALSE(fed.reply->error());
}

TEST(Reply, AnEndlessOpeningIsCut) {
  Fed fed(true);
  const std::string opening = delta(R"({"role":"assistant","content":""})");
  for (int i = 0; i < 20'000 && !fed.reply->error(); ++i) fed.raw(opening);
  EXPECT_TRUE(fed.reply->error());
}

}  // namespace
}  // namespace belay::runtime
