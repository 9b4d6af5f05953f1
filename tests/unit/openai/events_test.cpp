// Replies for a caller of another wire: events by the grammar of belay/event.h, the same ones for a stream and a whole
// completion, at any cut.
#include "plugin.hpp"

namespace belay::openai::test {
namespace {

const Request streamed{.wire = "", .body = R"({"model":"m","stream":true})", .stream = true};
const Request unstreamed{.wire = "", .body = R"({"model":"m"})"};
using Seen = std::vector<Event>;

Event start(std::string id = "r1", std::string model = "m-1") {
  return {BELAY_EVENT_MESSAGE_START, 0, std::move(id), std::move(model), 0, 0, 0, {}};
}
Event text(std::string piece) { return {BELAY_EVENT_TEXT, 0, std::move(piece), {}, 0, 0, 0, {}}; }
Event reasoning(std::string piece) { return {BELAY_EVENT_REASONING, 0, std::move(piece), {}, 0, 0, 0, {}}; }
Event refusal(std::string piece) { return {BELAY_EVENT_REFUSAL, 0, std::move(piece), {}, 0, 0, 0, {}}; }
Event begin(std::uint32_t index, std::string id, std::string name) {
  return {BELAY_EVENT_TOOL_BEGIN, index, std::move(id), std::move(name), 0, 0, 0, {}};
}
Event args(std::uint32_t index, std::string piece) {
  return {BELAY_EVENT_TOOL_ARGS, index, std::move(piece), {}, 0, 0, 0, {}};
}
Event end(std::uint32_t index) { return {BELAY_EVENT_TOOL_END, index, {}, {}, 0, 0, 0, {}}; }
Event usage(std::string counts) { return {BELAY_EVENT_USAGE, 0, {}, {}, 0, 0, 0, {}, std::move(counts)}; }
Event stop(std::int64_t why, std::string word) { return {BELAY_EVENT_STOP, 0, std::move(word), {}, why, 0, 0, {}}; }
Event error(std::uint32_t kind, std::string body = {}) {
  return {BELAY_EVENT_ERROR, 0, {}, {}, 0, kind, 200, std::move(body)};
}

std::string chunk(const std::string& delta, const std::string& finish = "null", const std::string& more = "") {
  return R"(data: {"id":"r1","object":"chat.completion.chunk","model":"m-1","choices":[{"index":0,"delta":)" + delta +
         R"(,"finish_reason":)" + finish + "}]" + more + "}\n\n";
}
std::string completion(const std::string& message, const std::string& finish, const std::string& more = "") {
  return R"({"id":"r1","object":"chat.completion","model":"m-1","choices":[{"index":0,"message":)" + message +
         R"(,"finish_reason":")" + finish + "\"}]" + more + "}";
}
const std::string done = "data: [DONE]\n\n";
const std::string counts =
    R"(,"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}})";

TEST(EventsOut, TextWithUsageAfterTheFinishReason) {
  const std::string tail = R"(data: {"id":"r1","model":"m-1","choices":[])" + counts + "}\n\n" + done;
  EXPECT_EQ(replied(streamed, stream(chunk(R"({"role":"assistant","content":""})") + chunk(R"({"content":"h\u00e4"})") +
                                     chunk(R"({"content":"i"})") + chunk("{}", "\"stop\"") + tail)),
            (Seen{start(), text("h\u00e4"), text("i"), usage("10 5 4 -1 3 -1"), stop(BELAY_STOPPED_END, "stop")}));
}

TEST(EventsOut, AWholeCompletionSaysTheSame) {
  EXPECT_EQ(
      replied(unstreamed,
              json(completion(R"({"role":"assistant","content":"hi","reasoning_content":"hm"})", "length", counts))),
      (Seen{start(), reasoning("hm"), text("hi"), usage("10 5 4 -1 3 -1"), stop(BELAY_STOPPED_LENGTH, "length")}));
}

TEST(EventsOut, ToolCallsAreBalancedByIndex) {
  EXPECT_EQ(
      replied(
          streamed,
          stream(
              chunk(
                  R"({"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}]})") +
              chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]})") +
              chunk(R"({"tool_calls":[{"index":1,"id":"c2","function":{"name":"g","arguments":"{}"}}]})") +
              chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]})") + chunk("{}", "\"tool_calls\"") +
              done)),
      (Seen{start(), begin(0, "c1", "f"), args(0, "{\"a\""), begin(1, "c2", "g"), args(1, "{}"), args(0, ":1}"), end(0),
            end(1), stop(BELAY_STOPPED_TOOLS, "tool_calls")}));
  EXPECT_EQ(
      replied(
          unstreamed,
          json(completion(
              R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},
                                                   {"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]})",
              "tool_calls"))),
      (Seen{start(), begin(0, "c1", "f"), args(0, "{}"), begin(1, "c2", "g"), args(1, "{}"), end(0), end(1),
            stop(BELAY_STOPPED_TOOLS, "tool_calls")}));
}

TEST(EventsOut, ToolCallsWithoutOrWithRepeatedIndexAreToldApartByTheirId) {
  const Seen expected{start(),
                      begin(0, "c1", "f"),
                      args(0, "{}"),
                      begin(1, "c2", "g"),
                      args(1, "{"),
                      args(1, "}"),
                      end(0),
                      end(1),
                      stop(BELAY_STOPPED_TOOLS, "tool_calls")};
  EXPECT_EQ(replied(streamed,
                    stream(chunk(R"({"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{}"}}]})") +
                           chunk(R"({"tool_calls":[{"index":0,"id":"c2","function":{"name":"g","arguments":"{"}}]})") +
                           chunk(R"({"tool_calls":[{"index":0,"id":"c2","function":{"arguments":"}"}}]})") +
                           chunk("{}", "\"tool_calls\"") + done)),
            expected);
  EXPECT_EQ(replied(streamed, stream(chunk(R"({"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}}]})") +
                                     chunk(R"({"tool_calls":[{"id":"c2","function":{"name":"g","arguments":"{"}}]})") +
                                     chunk(R"({"tool_calls":[{"function":{"arguments":"}"}}]})") +
                                     chunk("{}", "\"tool_calls\"") + done)),
            expected);
}

TEST(EventsOut, ReasoningIsReadFromEveryFieldOnce) {
  for (const auto* delta : {R"({"reasoning_content":"hm"})", R"({"reasoning":"hm"})",
                            R"({"reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm"}]})",
                            R"({"reasoning_details":[{"type":"reasoning.summary","summary":"hm"}]})",
                            R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]})"}) {
    EXPECT_EQ(replied(streamed, stream(chunk(delta) + chunk(R"({"content":"a"})", "\"stop\"") + done)),
              (Seen{start(), reasoning("hm"), text("a"), stop(BELAY_STOPPED_END, "stop")}))
        << delta;
  }
}

TEST(EventsOut, RefusalsPartsAndOldFields) {
  EXPECT_EQ(replied(streamed, stream(chunk(R"({"refusal":"no"})", "\"content_filter\"") + done)),
            (Seen{start(), refusal("no"), stop(BELAY_STOPPED_FILTER, "content_filter")}));
  EXPECT_EQ(replied(unstreamed,
                    json(completion(R"({"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})", "stop"))),
            (Seen{start(), text("a"), text("b"), stop(BELAY_STOPPED_END, "stop")}));
  EXPECT_EQ(replied(unstreamed, json(R"({"id":"r1","model":"m-1","choices":[{"text":"old","finish_reason":"eos"}]})")),
            (Seen{start(), text("old"), stop(BELAY_STOPPED_OTHER, "eos")}));
  EXPECT_EQ(replied(unstreamed, json(R"({"id":"r1","model":"m-1","output_text":"recovered"})")),
            (Seen{start(), text("recovered"), stop(BELAY_STOPPED_END, "")}));
}

TEST(EventsOut, OnlyTheFirstChoiceIsTheAnswer) {
  EXPECT_EQ(
      replied(
          unstreamed,
          json(
              R"({"id":"r1","model":"m-1","choices":[{"index":1,"message":{"content":"b"},"finish_reason":"stop"},{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]})")),
      (Seen{start(), text("a"), stop(BELAY_STOPPED_END, "stop")}));
}

TEST(EventsOut, UsageIsFoundWhereServersPutIt) {
  EXPECT_EQ(replied(streamed, stream(chunk(R"({"content":"a"})", "\"stop\"",
                                           R"(,"x_groq":{"usage":{"prompt_tokens":1,"completion_tokens":2}})") +
                                     done)),
            (Seen{start(), text("a"), usage("1 2 -1 -1 -1 -1"), stop(BELAY_STOPPED_END, "stop")}));
  EXPECT_EQ(
      replied(
          unstreamed,
          json(completion(
              R"({"content":"a"})", "stop",
              R"(,"usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_cache_hit_tokens":8,"prompt_tokens_details":{"cache_write_tokens":1},"completion_tokens_details":{"audio_tokens":7}})"))),
      (Seen{start(), text("a"), usage("9 2 8 1 -1 7"), stop(BELAY_STOPPED_END, "stop")}));
}

TEST(EventsOut, AFinishReasonMakesTheAnswerWholeWithoutEndMark) {
  const Seen expected{start(), text("a"), stop(BELAY_STOPPED_END, "stop")};
  const std::string body = chunk(R"({"content":"a"})") + chunk("{}", "\"stop\"");
  EXPECT_EQ(replied(streamed, stream(body)), expected);
  EXPECT_EQ(replied(streamed, stream(body), BELAY_FINISH_TRUNCATED), expected);
  EXPECT_EQ(replied(streamed, stream(chunk(R"({"content":"a"})") + done)),
            (Seen{start(), text("a"), stop(BELAY_STOPPED_END, "")}))
      << "and an end mark without one too";
}

TEST(EventsOut, WhatEndsInTheMiddleIsAnError) {
  EXPECT_EQ(replied(streamed, stream(chunk(R"({"content":"a"})"))),
            (Seen{start(), text("a"), error(BELAY_FAILURE_CUT)}));
  EXPECT_EQ(replied(streamed, stream(chunk(R"({"content":"a"})") + "data: {\"id"), BELAY_FINISH_TRUNCATED),
            (Seen{start(), text("a"), error(BELAY_FAILURE_CUT)}));
  EXPECT_EQ(replied(streamed, stream(done)), Seen{error(BELAY_FAILURE_INVALID)});
  EXPECT_EQ(replied(streamed, stream(": ping\n\n")), Seen{error(BELAY_FAILURE_INVALID)});
  EXPECT_EQ(replied(streamed, stream("data: {broken\n\n")), Seen{error(BELAY_FAILURE_INVALID, "{broken")});
  EXPECT_EQ(replied(unstreamed, json("{\"id\":\"r1\"")), Seen{error(BELAY_FAILURE_INVALID, "{\"id\":\"r1\"")});
  EXPECT_EQ(replied(unstreamed, json(R"({"id":"r1","choices":[]})")),
            (Seen{start("r1", ""), error(BELAY_FAILURE_INVALID, R"({"id":"r1","choices":[]})")}));
}

TEST(EventsOut, AnErrorInsideIsToldOnceAndEndsIt) {
  const std::string told = R"({"error":{"message":"Overloaded","code":503}})";
  EXPECT_EQ(replied(streamed, stream(chunk(R"({"content":"a"})") + "data: " + told + "\n\n" +
                                     chunk(R"({"content":"b"})") + done)),
            (Seen{start(), text("a"), error(BELAY_FAILURE_IN_REPLY, told)}));
  EXPECT_EQ(replied(unstreamed, json(told)), Seen{error(BELAY_FAILURE_IN_REPLY, told)});
  EXPECT_EQ(replied(streamed, stream("event: error\ndata: {\"message\":\"x\"}\n\n")),
            Seen{error(BELAY_FAILURE_IN_REPLY, "{\"message\":\"x\"}")});
}

TEST(EventsOut, UnknownEventsAreSkipped) {
  EXPECT_EQ(replied(streamed, stream("data: {\"type\":\"ping\"}\n\n" + chunk(R"({"content":"a"})", "\"stop\"") + done)),
            (Seen{start(), text("a"), stop(BELAY_STOPPED_END, "stop")}));
}

TEST(EventsOut, ASinkThatSaidStopHearsNoMore) {
  auto instance = account();
  auto exchange = instance.begin(streamed);
  Events events;
  events.stop_at = 1;
  ASSERT_EQ(exchange.head(200, {{"content-type", "text/event-stream"}}, events).status, BELAY_OK);
  EXPECT_EQ(exchange.chunk(chunk(R"({"content":"a"})") + chunk(R"({"content":"b"})", "\"stop\"") + done, events).status,
            BELAY_STOP);
  EXPECT_EQ(exchange.finish(BELAY_FINISH_COMPLETE, events).status, BELAY_OK);
  EXPECT_EQ(events.seen.size(), 2u);
  EXPECT_EQ(events.after_stop, 0u);
}

}  // namespace
}  // namespace belay::openai::test
