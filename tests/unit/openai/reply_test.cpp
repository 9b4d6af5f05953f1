// Replies for a caller of the same wire, and those of embeddings and models: what came, whole, at any cut.
#include "plugin.hpp"

namespace belay::openai::test {
namespace {

const Request streamed{.body = R"({"model":"m","stream":true})", .stream = true};
const Request unstreamed{.body = R"({"model":"m"})"};
const Request embeddings{.operation = "embeddings", .wire = "", .body = R"({"model":"m","input":"x"})"};
const Request models{.operation = "models", .wire = "", .body = "{}"};

Event raw(std::string data) { return {BELAY_EVENT_RAW, 0, std::move(data), {}, 0, 0, 0, {}}; }
Event result(std::string body) { return {BELAY_EVENT_RESULT, 0, std::move(body), {}, 0, 0, 0, {}}; }
Event error(std::uint32_t kind, std::string body = {}) {
  return {BELAY_EVENT_ERROR, 0, {}, {}, 0, kind, 200, std::move(body)};
}
using Seen = std::vector<Event>;

constexpr const char* role = R"({"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})";
constexpr const char* text = R"({"choices":[{"index":0,"delta":{"content":"häi"}}]})";
constexpr const char* tool =
    R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"{\"a\":"}}]}}]})";
constexpr const char* last = R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";

TEST(Reply, AStreamIsRelayedEventByEvent) {
  std::string body;
  for (const auto* chunk : {role, text, tool, last}) body += "data: " + std::string(chunk) + "\n\n";
  EXPECT_EQ(replied(streamed, stream(body + "data: [DONE]\n\n")),
            (Seen{raw(role), raw(text), raw(tool), raw(last), raw("[DONE]")}));
}

TEST(Reply, LineEndsCommentsMarksAndMissingEndsMakeNoDifference) {
  const std::string a = text, b = last;
  const Seen expected{raw(a), raw(b), raw("[DONE]")};
  EXPECT_EQ(replied(streamed, stream("data: " + a + "\r\n\r\ndata: " + b + "\r\n\r\ndata: [DONE]\r\n\r\n")), expected);
  EXPECT_EQ(replied(streamed, stream("data: " + a + "\r\rdata: " + b + "\r\rdata: [DONE]\r\r")), expected);
  EXPECT_EQ(replied(streamed, stream("\xEF\xBB\xBF"
                                     "data: " +
                                     a + "\n\ndata: " + b + "\n\ndata: [DONE]\n\n")),
            expected);
  EXPECT_EQ(replied(streamed, stream(": OPENROUTER PROCESSING\n\ndata: " + a + "\n: again\n\nid: 7\ndata: " + b +
                                     "\n\ndata: [DONE]")),
            expected);
  EXPECT_EQ(replied(streamed, stream("data:" + a + "\n\ndata:" + b + "\n\ndata:[DONE]\n\ndata: {\"late\":true}\n\n")),
            expected);
  EXPECT_EQ(replied(streamed, stream("data: " + a + "\n\ndata: " + b + "\n")), (Seen{raw(a), raw(b)})) << "no end mark";
}

TEST(Reply, AWholeBodyIsOneEventWhateverWasAskedFor) {
  const std::string body =
      R"({"id":"1","object":"chat.completion","choices":[{"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]})";
  EXPECT_EQ(replied(unstreamed, json(body)), Seen{raw(body)});
  EXPECT_EQ(replied(unstreamed, json("\n " + body)), Seen{raw(body)});
  EXPECT_EQ(replied(streamed, json(body)), Seen{raw(body)}) << "a server that does not stream";
  EXPECT_EQ(replied(streamed, stream(body)), Seen{raw(body)}) << "one that says it does and doesn't";
  EXPECT_EQ(replied(unstreamed, stream("data: " + std::string(last) + "\n\ndata: [DONE]\n\n")),
            (Seen{raw(last), raw("[DONE]")}))
      << "one that only streams";
}

TEST(Reply, ErrorsInsideA200AreRelayedForTheHostToRead) {
  const std::string told = R"({"error":{"message":"quota","code":"insufficient_quota"}})";
  EXPECT_EQ(replied(unstreamed, json(told)), Seen{raw(told)});
  EXPECT_EQ(replied(streamed, stream("data: " + told + "\n\n")), Seen{raw(told)});
  EXPECT_EQ(replied(streamed, stream("event: error\ndata: {\"message\":\"quota\"}\n\n")),
            Seen{error(BELAY_FAILURE_IN_REPLY, "{\"message\":\"quota\"}")});
}

TEST(Reply, WhatWasCutIsNoAnswer) {
  EXPECT_EQ(replied(unstreamed, json("{\"choices\":["), BELAY_FINISH_TRUNCATED),
            Seen{error(BELAY_FAILURE_CUT, "{\"choices\":[")});
  EXPECT_EQ(replied(streamed, stream("data: " + std::string(text) + "\n\ndata: {\"cho"), BELAY_FINISH_TRUNCATED),
            (Seen{raw(text), error(BELAY_FAILURE_CUT)}));
  EXPECT_EQ(replied(streamed, stream(": keep-alive\n\n"), BELAY_FINISH_TIMEOUT), Seen{error(BELAY_FAILURE_CUT)});
  EXPECT_EQ(replied(streamed, stream("")), Seen{error(BELAY_FAILURE_INVALID)});
  EXPECT_EQ(replied(unstreamed, json(""), BELAY_FINISH_FAILED), Seen{});
}

TEST(Reply, EmbeddingsAreOneResult) {
  const std::string body =
      R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-2e-3]}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}})";
  EXPECT_EQ(replied(embeddings, json(body)), Seen{result(body)});
  EXPECT_EQ(replied(embeddings, json("[]")), Seen{error(BELAY_FAILURE_INVALID, "[]")});
  EXPECT_EQ(replied(embeddings, json("<html></html>")), Seen{error(BELAY_FAILURE_INVALID, "<html></html>")});
  EXPECT_EQ(replied(embeddings, json(R"({"data":[)"), BELAY_FINISH_TRUNCATED),
            Seen{error(BELAY_FAILURE_CUT, R"({"data":[)")});
  EXPECT_EQ(replied(embeddings, json(R"({"error":"no"})")), Seen{error(BELAY_FAILURE_IN_REPLY, R"({"error":"no"})")});
}

TEST(Reply, ModelsAreOneListWhateverItsShape) {
  const std::string list = R"({"object":"list","data":[{"id":"m","object":"model"}]})";
  EXPECT_EQ(replied(models, json(list)), Seen{result(list)});
  EXPECT_EQ(replied(models, json(R"({"object":"list","data":null})")),
            Seen{result(R"({"object":"list","data":null})")});
  EXPECT_EQ(replied(models, json(R"([{"id":"m"}])")), Seen{result(R"({"object":"list","data":[{"id":"m"}]})")});
  EXPECT_EQ(replied(models, json(R"({"object":"error","message":"no"})")),
            Seen{error(BELAY_FAILURE_IN_REPLY, R"({"object":"error","message":"no"})")});
  EXPECT_EQ(replied(models, json("{}")), Seen{error(BELAY_FAILURE_INVALID, "{}")});
}

TEST(Reply, ASinkThatSaidStopHearsNoMore) {
  auto instance = account();
  auto exchange = instance.begin(streamed);
  Events events;
  events.stop_at = 1;
  ASSERT_EQ(exchange.head(200, {{"content-type", "text/event-stream"}}, events).status, BELAY_OK);
  EXPECT_EQ(exchange.chunk("data: 1\n\ndata: 2\n\ndata: 3\n\n", events).status, BELAY_STOP);
  EXPECT_EQ(exchange.finish(BELAY_FINISH_TRUNCATED, events).status, BELAY_OK);
  EXPECT_EQ(events.seen.size(), 2u);
  EXPECT_EQ(events.after_stop, 0u);
}

}  // namespace
}  // namespace belay::openai::test
