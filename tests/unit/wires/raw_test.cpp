// Raw replies of a provider that speaks the caller's wire: delivered untouched, understood as far as the host must.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reply.hpp"

namespace belay::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wires::Wire;

struct Fed {
  std::vector<std::string> data;
  std::string text;
  std::unique_ptr<Reply> reply;

  Fed(Wire wire, bool streamed)
      : reply(std::make_unique<Reply>(Reply::Setup{.streamed = streamed, .wire = wire}, [this](std::string_view event, std::string_view words) {
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
};

struct Row {
  const char* event;
  bool content;
};

void expect_content(Wire wire, std::initializer_list<Row> rows) {
  for (const auto& [event, content] : rows) {
    Fed fed(wire, true);
    EXPECT_EQ(fed.raw(event), content) << event;
    EXPECT_EQ(fed.reply->committed(), content) << event;
    EXPECT_THAT(fed.data, SizeIs(content ? 1 : 0)) << event;
  }
}

TEST(RawResponses, OnlyTextReasoningAndPiecesOfCallsAreContent) {
  expect_content(Wire::responses,
                 {{R"({"type":"response.created","response":{"id":"r","status":"in_progress"},"sequence_number":0})", false},
                  {R"({"type":"response.in_progress","response":{"id":"r"},"sequence_number":1})", false},
                  {R"({"type":"response.queued","response":{"id":"r"},"sequence_number":1})", false},
                  {R"({"type":"keepalive","sequence_number":2})", false},
                  {R"({"type":"response.output_item.added","item":{"type":"message","content":[]},"output_index":0,"sequence_number":2})", false},
                  {R"({"type":"response.output_item.added","item":{"type":"reasoning","summary":[]},"output_index":0,"sequence_number":2})", false},
                  {R"({"type":"response.content_part.added","part":{"type":"output_text","text":""},"sequence_number":3})", false},
                  {R"({"type":"response.output_text.delta","delta":"","sequence_number":3})", false},
                  {R"({"type":"response.output_text.delta","delta":"x","sequence_number":4})", true},
                  {R"({"type":"response.refusal.delta","delta":"x","sequence_number":4})", true},
                  {R"({"type":"response.reasoning_summary_text.delta","delta":"x","sequence_number":4})", true},
                  {R"({"type":"response.function_call_arguments.delta","delta":"{","sequence_number":4})", true},
                  {R"({"type":"response.output_item.added","item":{"type":"function_call","name":"f"},"output_index":0,"sequence_number":2})", true},
                  {R"({"type":"response.web_search_call.searching","item_id":"ws","sequence_number":2})", true}});
}

TEST(RawMessages, OnlyTextThoughtsAndPiecesOfCallsAreContent) {
  expect_content(Wire::messages,
                 {{R"({"type":"message_start","message":{"id":"m","usage":{"input_tokens":5,"output_tokens":1}}})", false},
                  {R"({"type":"ping"})", false},
                  {R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})", false},
                  {R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}})", false},
                  {R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s"}})", false},
                  {R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""}})", false},
                  {R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}})", true},
                  {R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"x"}})", true},
                  {R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{"}})", true},
                  {R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}})", true}});
}

TEST(RawResponses, AStreamEndsWithItsLastEventAndTellsItsUsage) {
  Fed fed(Wire::responses, true);
  fed.raw(R"({"type":"response.created","response":{"id":"r","own":1},"sequence_number":0})");
  fed.raw(R"({"type":"response.output_text.delta","delta":"hi","sequence_number":1})");
  EXPECT_FALSE(fed.reply->finished());
  const std::string last = R"({"type":"response.completed","response":{"id":"r","usage":{"input_tokens":7,"input_tokens_details":{"cached_tokens":3},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":1}}},"sequence_number":2,"own":[1.50]})";
  fed.raw(last);

  EXPECT_TRUE(fed.reply->over());
  fed.reply->end(true);
  EXPECT_FALSE(fed.reply->error());
  EXPECT_EQ(fed.data.back(), last);
  EXPECT_EQ(fed.text, "hi");
  EXPECT_EQ(fed.reply->text(), "hi");
  EXPECT_EQ(fed.reply->usage().prompt, 7);
  EXPECT_EQ(fed.reply->usage().cached, 3);
  EXPECT_EQ(fed.reply->usage().reasoning, 1);
  EXPECT_EQ(fed.reply->events(), 3);
  EXPECT_THAT(fed.reply->so_far(), HasSubstr("\"own\":1"));
}

TEST(RawMessages, AStreamEndsWithItsLastEventAndAddsUpItsUsage) {
  Fed fed(Wire::messages, true);
  fed.raw(R"({"type":"message_start","message":{"usage":{"input_tokens":5,"cache_read_input_tokens":3,"cache_creation_input_tokens":2,"output_tokens":1}}})");
  fed.raw(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hi"}})");
  fed.raw(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":null,"output_tokens":9}})");
  EXPECT_TRUE(fed.reply->finished());
  EXPECT_FALSE(fed.reply->over());
  fed.raw(R"({"type":"message_stop"})");

  EXPECT_TRUE(fed.reply->over());
  EXPECT_THAT(fed.data, SizeIs(4));
  EXPECT_EQ(fed.reply->usage().prompt, 10) << "what a cache gave counts";
  EXPECT_EQ(fed.reply->usage().cached, 3);
  EXPECT_EQ(fed.reply->usage().cache_write, 2);
  EXPECT_EQ(fed.reply->usage().completion, 9);
}

TEST(RawStreams, AnAnswerWithoutContentIsDeliveredWhenItIsWhole) {
  Fed fed(Wire::messages, true);
  fed.raw(R"({"type":"message_start","message":{}})");
  fed.raw(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":0}})");
  EXPECT_THAT(fed.data, IsEmpty());
  fed.raw(R"({"type":"message_stop"})");
  EXPECT_THAT(fed.data, SizeIs(3));
}

TEST(RawStreams, OneThatIsCutIsNoAnswer) {
  for (const Wire wire : {Wire::responses, Wire::messages}) {
    Fed fed(wire, true);
    fed.raw(wire == Wire::responses ? R"({"type":"response.output_text.delta","delta":"hi"})" : R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"hi"}})");
    fed.reply->end(false);
    ASSERT_TRUE(fed.reply->error());
    EXPECT_FALSE(fed.reply->error()->told);
  }
}

TEST(RawStreams, ErrorsAreToldWithTheirWords) {
  const struct {
    Wire wire;
    const char* event;
    const char* code;
  } rows[] = {
      {Wire::responses, R"({"type":"error","code":"rate_limit_exceeded","message":"slow down","param":null,"sequence_number":1})", "rate_limit_exceeded"},
      {Wire::responses, R"({"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"slow down"}},"sequence_number":1})", "server_error"},
      {Wire::responses, R"({"error":{"code":"invalid_api_key","message":"slow down"}})", "invalid_api_key"},
      {Wire::messages, R"({"type":"error","error":{"type":"overloaded_error","message":"slow down"}})", ""},
  };
  for (const auto& row : rows) {
    Fed fed(row.wire, true);
    fed.raw(R"({"type":"ping"})");
    EXPECT_FALSE(fed.raw(row.event)) << row.event;
    ASSERT_TRUE(fed.reply->error()) << row.event;
    EXPECT_TRUE(fed.reply->error()->told);
    EXPECT_EQ(fed.reply->error()->text.code, row.code);
    EXPECT_EQ(fed.reply->error()->text.message, "slow down");
    EXPECT_THAT(fed.data, IsEmpty());
  }
  Fed anthropic(Wire::messages, true);
  anthropic.raw(rows[3].event);
  EXPECT_EQ(anthropic.reply->error()->text.type, "overloaded_error");
}

TEST(RawBodies, PassUntouchedAndAreUnderstood) {
  const std::string response =
      R"({"id":"r","object":"response","status":"completed","error":null,"output":[{"type":"reasoning","content":[{"type":"reasoning_text","text":"no"}]},{"type":"message","content":[{"type":"output_text","text":"hi"}]}],"usage":{"input_tokens":1,"output_tokens":2},"own":1.50})";
  const std::string message = R"({"id":"m","type":"message","content":[{"type":"thinking","thinking":"no"},{"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2},"own":1.50})";
  for (const Wire wire : {Wire::responses, Wire::messages}) {
    Fed fed(wire, false);
    const std::string& body = wire == Wire::responses ? response : message;
    fed.raw(body);
    fed.reply->end(true);
    ASSERT_FALSE(fed.reply->error()) << fed.reply->error()->why;
    EXPECT_EQ(fed.reply->body(), body);
    EXPECT_EQ(fed.reply->text(), "hi");
    EXPECT_EQ(fed.reply->usage().prompt, 1);
    EXPECT_EQ(fed.reply->usage().completion, 2);
  }
}

TEST(RawBodies, WhatIsNoneOfTheWireIsSaidSo) {
  for (const Wire wire : {Wire::responses, Wire::messages}) {
    for (const char* body : {"{}", "[]", "x", R"({"object":"response"})", R"({"type":"message"})", R"({"choices":[{"message":{"content":"x"}}]})"}) {
      Fed fed(wire, false);
      fed.raw(body);
      fed.reply->end(true);
      ASSERT_TRUE(fed.reply->error()) << body;
      EXPECT_FALSE(fed.reply->error()->told);
    }
  }
  Fed failed(Wire::responses, false);
  failed.raw(R"({"object":"response","status":"failed","error":{"code":"server_error","message":"sorry"}})");
  ASSERT_TRUE(failed.reply->error());
  EXPECT_TRUE(failed.reply->error()->told);
}

}  // namespace
}  // namespace belay::runtime
