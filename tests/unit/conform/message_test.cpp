// The tool's own reading of event streams and of the three raw wires, with which a plugin's is compared.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/variants.hpp"
#include "drive/play.hpp"
#include "drive/sse.hpp"

namespace belay::conform {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

Played raw(std::string wire, const std::vector<std::string>& datas) {
  Played played;
  played.wire = std::move(wire);
  played.operation = "chat";
  played.stream = true;
  played.finished = true;
  played.chunks = {0};
  for (const auto& data : datas) {
    SeenEvent event;
    event.type = BELAY_EVENT_RAW;
    event.a = data;
    played.events.push_back(event);
  }
  return played;
}

SeenEvent event(std::uint32_t type, std::string a = {}, std::uint32_t index = 0) {
  SeenEvent out;
  out.type = type;
  out.a = std::move(a);
  out.index = index;
  if (type == BELAY_EVENT_ERROR) out.failure.emplace();
  if (type == BELAY_EVENT_USAGE) out.usage = belay_usage{sizeof(belay_usage), 0, 1, 1, -1, -1, -1, -1};
  if (type == BELAY_EVENT_STOP) out.num = BELAY_STOPPED_END;
  return out;
}

Played told(std::vector<SeenEvent> events) {
  Played played;
  played.operation = "chat";
  played.events = std::move(events);
  played.finished = true;
  played.chunks = {0};
  return played;
}

TEST(Message, OfChatCompletionsIsPutTogether) {
  const auto played = raw("openai.chat/1", {R"({"choices":[{"index":0,"delta":{"content":"Hel","reasoning_content":"hm"}}]})",
                                            R"({"choices":[{"index":0,"delta":{"content":"lo","tool_calls":[{"index":1,"id":"b","function":{"name":"f","arguments":"{\"a\""}}]}}]})",
                                            R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":":1}"}}]},"finish_reason":"tool_calls"}]})",
                                            R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":1}}})", "[DONE]"});
  const auto message = message_of(played, played.wire, true);
  EXPECT_EQ(message.text, "Hello");
  EXPECT_EQ(message.reasoning, "hm");
  EXPECT_EQ(message.stop, "tools");
  EXPECT_TRUE(message.end_mark);
  ASSERT_EQ(message.tools.size(), 1u);
  EXPECT_EQ(message.tools[0].id, "b");
  EXPECT_EQ(message.tools[0].arguments, "{\"a\":1}");
  EXPECT_EQ(message.usage->cached, 1);
  EXPECT_TRUE(played.ended_well());
}

TEST(Message, OfAnthropicMessagesIsPutTogether) {
  const auto played = raw("anthropic.messages/1",
                          {R"({"type":"message_start","message":{"usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}}})",
                           R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
                           R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}})", R"({"type":"ping"})",
                           R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}})",
                           R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}})",
                           R"({"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":7}})", R"({"type":"message_stop"})"});
  const auto message = message_of(played, played.wire, true);
  EXPECT_EQ(message.text, "Hi");
  EXPECT_EQ(message.stop, "tools");
  EXPECT_EQ(message.tools.at(0).arguments, "{}");
  EXPECT_EQ(message.usage->prompt, 15);
  EXPECT_EQ(message.usage->completion, 7);
}

TEST(Message, OfResponsesIsPutTogether) {
  const auto played = raw("openai.responses/1",
                          {R"({"type":"response.output_text.delta","delta":"Hi"})", R"({"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","call_id":"c","name":"f"}})",
                           R"({"type":"response.function_call_arguments.delta","output_index":1,"delta":"{}"})",
                           R"({"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":2,"output_tokens":3,"output_tokens_details":{"reasoning_tokens":1}}}})"});
  const auto message = message_of(played, played.wire, true);
  EXPECT_EQ(message.text, "Hi");
  EXPECT_EQ(message.stop, "tools");
  EXPECT_EQ(message.tools.at(0).name, "f");
  EXPECT_EQ(message.usage->reasoning, 1);
}

TEST(Message, AnErrorInsideIsOneWithItsWords) {
  const auto message = message_of(raw("openai.chat/1", {R"({"error":{"message":"busy","type":"server_error","code":429,"param":null}})"}), "openai.chat/1", true);
  ASSERT_TRUE(message.error);
  EXPECT_EQ(message.failure->code, "429");
  EXPECT_EQ(message.failure->message, "busy");
  EXPECT_TRUE(message_of(raw("openai.chat/1", {"no json"}), "openai.chat/1", true).error);
}

TEST(Message, HalfAStreamDidNotEndWell) {
  EXPECT_FALSE(raw("openai.chat/1", {R"({"choices":[{"index":0,"delta":{"content":"Hel"}}]})"}).ended_well());
  EXPECT_FALSE(told({event(BELAY_EVENT_MESSAGE_START), event(BELAY_EVENT_TEXT, "x")}).ended_well());
}

TEST(Grammar, TakesWhatTheHeaderAllows) {
  EXPECT_EQ(grammar_breach(told({event(BELAY_EVENT_MESSAGE_START), event(BELAY_EVENT_TEXT, "x"), event(BELAY_EVENT_TOOL_BEGIN, "", 0), event(BELAY_EVENT_TOOL_BEGIN, "", 1),
                                 event(BELAY_EVENT_TOOL_ARGS, "{}", 0), event(BELAY_EVENT_TOOL_END, "", 1), event(BELAY_EVENT_TOOL_END, "", 0), event(BELAY_EVENT_USAGE),
                                 event(BELAY_EVENT_PING), event(BELAY_EVENT_STOP)}),
                           true),
            std::nullopt);
  EXPECT_EQ(grammar_breach(told({event(BELAY_EVENT_ERROR)}), true), std::nullopt);
  EXPECT_EQ(grammar_breach(told({event(BELAY_EVENT_MESSAGE_START), event(BELAY_EVENT_TOOL_BEGIN), event(BELAY_EVENT_ERROR)}), true), std::nullopt);
  EXPECT_EQ(grammar_breach(raw("openai.chat/1", {"{}", "[DONE]"}), true), std::nullopt);
}

TEST(Grammar, NamesEachBreach) {
  const auto breach = [](std::vector<SeenEvent> events) { return grammar_breach(told(std::move(events)), true).value_or("none"); };
  EXPECT_THAT(breach({event(BELAY_EVENT_TEXT, "x")}), HasSubstr("before MESSAGE_START"));
  EXPECT_THAT(breach({event(BELAY_EVENT_MESSAGE_START), event(BELAY_EVENT_MESSAGE_START)}), HasSubstr("one MESSAGE_START"));
  EXPECT_THAT(breach({event(BELAY_EVENT_MESSAGE_START), event(BELAY_EVENT_TOOL_ARGS, "x")}), HasSubstr("not open"));
  EXPECT_THAT(breach({event(BELAY_EVENT_MESSAGE_START), event(BELAY_EVENT_TOOL_BEGIN), event(BELAY_EVENT_TOOL_END), event(BELAY_EVENT_TOOL_BEGIN)}), HasSubstr("begins once"));
  EXPECT_THAT(breach({event(BELAY_EVENT_MESSAGE_START), event(BELAY_EVENT_TOOL_BEGIN), event(BELAY_EVENT_STOP)}), HasSubstr("while a tool call is open"));
  EXPECT_THAT(breach({event(BELAY_EVENT_MESSAGE_START), event(BELAY_EVENT_STOP), event(BELAY_EVENT_PING)}), HasSubstr("after the event that ends"));
  EXPECT_THAT(breach({event(BELAY_EVENT_RAW, "x")}), HasSubstr("in a wire that the descriptor lists"));
  EXPECT_THAT(breach({event(BELAY_EVENT_RESULT, "{}")}), HasSubstr("a chat has no RESULT"));
  EXPECT_THAT(breach({event(BELAY_EVENT_MESSAGE_START)}), HasSubstr("no STOP, ERROR, RESULT or RAW"));
}

TEST(Merging, JoinsDeltasOfOneKindAndIndexAndDropsPings) {
  const auto all = merged({event(BELAY_EVENT_TEXT, "a"), event(BELAY_EVENT_PING), event(BELAY_EVENT_TEXT, "b"), event(BELAY_EVENT_TEXT, ""), event(BELAY_EVENT_REASONING, "r"),
                           event(BELAY_EVENT_TOOL_ARGS, "x", 0), event(BELAY_EVENT_TOOL_ARGS, "y", 1)});
  EXPECT_THAT(all, ElementsAre(Field(&SeenEvent::a, "ab"), Field(&SeenEvent::a, "r"), Field(&SeenEvent::a, "x"), Field(&SeenEvent::a, "y")));
}

TEST(Sse, ReadsEveryLineEndCommentsAndAMissingEnd) {
  const auto events = sse_events("\xEF\xBB\xBF: hi\r\nevent: e\rdata: a\ndata:b\r\n\r\nid: 1\n\ndata\n\ndata: last");
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].name, "e");
  EXPECT_EQ(events[0].data, "a\nb");
  EXPECT_EQ(events[1].data, "");
  EXPECT_EQ(events[2].data, "last");
}

TEST(Sse, BlocksPutTogetherAreTheStream) {
  const std::string stream = ": c\n\ndata: a\r\n\r\ndata: b\n\nrest";
  std::string whole;
  const auto blocks = sse_blocks(stream);
  for (const auto& block : blocks) whole += block;
  EXPECT_EQ(whole, stream);
  EXPECT_EQ(blocks.size(), 4u);
}

TEST(Variants, EscapesKeepTheMeaningOfAStream) {
  const std::string stream = "event: x\ndata: {\"choices\":[{\"delta\":{\"content\":\"one\"}}]}\n\ndata: [DONE]\n\n";
  const auto escaped = variants::rewritten(stream, true, variants::Escapes::all, variants::foreign);
  ASSERT_TRUE(escaped);
  EXPECT_THAT(*escaped, HasSubstr("\\u6f22"));
  const auto events = sse_events(*escaped);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].name, "x");
  EXPECT_EQ(message_of(raw("openai.chat/1", {events[0].data}), "openai.chat/1", true).text, variants::foreign("one"));
  EXPECT_EQ(events[1].data, "[DONE]");
}

TEST(Variants, LineEndsAreAllChanged) {
  EXPECT_EQ(variants::with_line_ends("a\nb\r\nc\r", "\r\n"), "a\r\nb\r\nc\r\n");
  EXPECT_EQ(variants::without_last_line_end("a\n\r\n\n"), "a");
}

}  // namespace
}  // namespace belay::conform
