// Calls in other wires: through a plugin that speaks them, through one that doesn't, and from one to the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "base/json.hpp"
#include "live.hpp"

namespace belay::runtime::test {
namespace {

using belay::test::Upstream;
using belay::test::UpstreamReply;
using belay::test::UpstreamRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* responses = "openai.responses/1";
constexpr const char* messages = "anthropic.messages/1";

ProviderSettings wired(const std::string& name, const std::string& origin) {
  auto out = provider(name, origin);
  out.plugin = "wired";
  out.base_url = origin;
  return out;
}

std::unique_ptr<Runtime> open_with(std::vector<ProviderSettings> providers) {
  auto settings = settings_of(std::move(providers));
  settings.loader.dirs.push_back(WIRED_DIR);
  return open(std::move(settings));
}

CallRequest ask_in(const char* wire, std::string body, bool stream = false) {
  CallRequest request;
  request.wire = wire;
  request.body = std::move(body);
  request.route = "r";
  request.stream = stream;
  return request;
}

CallRequest hello(const char* wire, bool stream = false) {
  return ask_in(wire, wire == responses ? R"({"input":"hi","own":1.50})" : R"({"max_tokens":5,"messages":[{"role":"user","content":"hi"}],"own":1.50})", stream);
}

/// Keeps the events and the last request that an upstream saw.
class Events final : public Observer {
 public:
  bool on_event(std::string_view data) override {
    events.emplace_back(data);
    return true;
  }
  void on_commit(const Committed& committed) override { commits.push_back(committed.provider); }
  [[nodiscard]] std::vector<std::string> types() const {
    std::vector<std::string> out;
    for (const auto& event : events) out.emplace_back(*json::string_at(*json::parse(event), "type"));
    return out;
  }
  std::vector<std::string> events, commits;
};

struct Seen {
  std::mutex mutex;
  std::vector<UpstreamRequest> requests;
  void add(const UpstreamRequest& request) {
    std::lock_guard lock(mutex);
    requests.push_back(request);
  }
};

UpstreamReply stream_of(const std::vector<std::string>& events) {
  auto reply = UpstreamReply::stream();
  for (const auto& event : events) reply.event(event);
  return reply;
}

UpstreamReply whole(UpstreamReply reply) {
  reply.pieces.push_back({"0\r\n\r\n"});
  return reply;
}

const std::vector<std::string> messages_stream{R"({"type":"message_start","message":{"id":"m","own":1.50}})",
                                               R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
                                               R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"pong"}})",
                                               R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":3,"output_tokens":1}})",
                                               R"({"type":"message_stop"})"};

TEST(OwnWire, BodiesPassInBothDirectionsAsTheyAre) {
  Seen seen;
  const std::string reply = R"({"id":"m", "type":"message","content":[{"type":"text","text":"pong"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1},"own":1.50})";
  Upstream upstream([&](const UpstreamRequest& request) {
    seen.add(request);
    return UpstreamReply::json(200, reply);
  });
  auto runtime = open_with({wired("p", upstream.origin())});

  const auto result = runtime->call(hello(messages));

  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(result.body, reply);
  EXPECT_EQ(result.text, "pong");
  EXPECT_EQ(result.trace.usage.prompt, 3);
  EXPECT_EQ(seen.requests[0].path, "/anthropic.messages/1/chat");
  EXPECT_EQ(seen.requests[0].body, R"({"model":"m","max_tokens":5,"messages":[{"role":"user","content":"hi"}],"own":1.50})");
}

TEST(OwnWire, StreamsPassAsTheyAreAndEndWithTheirLastEvent) {
  Upstream upstream([](const UpstreamRequest&) {
    auto reply = stream_of(messages_stream);
    reply.hold = true;   // the last event ends it, not the connection
    return reply;
  });
  auto runtime = open_with({wired("p", upstream.origin())});
  Events events;

  const auto result = runtime->call(hello(messages, true), &events);

  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(events.events, messages_stream);
  EXPECT_EQ(result.text, "pong");
}

TEST(OwnWire, AStreamThatFailsBeforeContentIsLeftUnseen) {
  Upstream broken([](const UpstreamRequest&) {
    return stream_of({messages_stream[0], R"({"type":"ping"})", R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"});
  });
  Upstream good([](const UpstreamRequest&) { return whole(stream_of(messages_stream)); });
  auto settings = settings_of({wired("p", broken.origin()), wired("c", good.origin())});
  settings.loader.dirs.push_back(WIRED_DIR);
  settings.routes[0].transient_retries = 0;
  auto runtime = open(std::move(settings));
  Events events;

  const auto result = runtime->call(hello(messages, true), &events);

  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(result.trace.attempts[0].reason, fallback::Reason::overloaded);
  EXPECT_EQ(events.events, messages_stream) << "the first upstream's opening was never seen";
  EXPECT_THAT(events.commits, ElementsAre("c"));
}

TEST(OwnWire, AResponseThatBreaksOffIsToldAsFailedWhereItStood) {
  Upstream broken([](const UpstreamRequest&) {
    auto reply = stream_of({R"({"type":"response.created","response":{"id":"resp_up","object":"response","status":"in_progress","output":[]},"sequence_number":0})",
                            R"({"type":"response.output_text.delta","delta":"half","sequence_number":5})"});
    reply.close = true;
    return reply;
  });
  auto runtime = open_with({wired("p", broken.origin())});

  const auto result = runtime->call(hello(responses, true));

  EXPECT_EQ(result.trace.outcome, fallback::Outcome::failed);
  EXPECT_EQ(result.text, "half");
  const auto events = error_event(result, responses);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_THAT(events[0], HasSubstr("resp_up"));
  EXPECT_EQ(json::int_at(*json::parse(events[0]), "sequence_number"), 6);
}

TEST(OwnWire, TokensAreCountedByThoseWhoSpeakIt) {
  Seen seen;
  Upstream upstream([&](const UpstreamRequest& request) {
    seen.add(request);
    return UpstreamReply::json(200, R"({"input_tokens": 14})");
  });
  auto runtime = open_with({provider("other", upstream.origin()), wired("p", upstream.origin())});
  auto request = ask_in(messages, R"({"messages":[{"role":"user","content":"hi"}]})");
  request.operation = "count_tokens";

  const auto result = runtime->call(std::move(request));

  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(result.body, R"({"input_tokens": 14})");
  EXPECT_EQ(result.trace.attempts[0].reason, fallback::Reason::model_unavailable);
  EXPECT_FALSE(result.trace.attempts[0].hold_ms);
  ASSERT_THAT(seen.requests, SizeIs(1));
  EXPECT_EQ(seen.requests[0].path, "/anthropic.messages/1/count_tokens");
}

// ------------------------------------------------------------------------------------------------------------------- other wires

TEST(OtherWire, AnAnswerIsTranslated) {
  Seen seen;
  Upstream upstream([&](const UpstreamRequest& request) {
    seen.add(request);
    return UpstreamReply::completion("pong");
  });
  auto runtime = open_with({provider("p", upstream.origin())});

  const auto message = runtime->call(hello(messages));
  const auto response = runtime->call(hello(responses));

  ASSERT_TRUE(message.ok()) << message.error;
  ASSERT_TRUE(response.ok()) << response.error;
  EXPECT_EQ(message.text, "pong");
  EXPECT_EQ(response.text, "pong");
  const auto first = json::parse(message.body), second = json::parse(response.body);
  EXPECT_EQ(json::view(*json::at(*first, "/content/0/text")), "pong");
  EXPECT_EQ(json::string_at(*first, "id"), "msg_" + message.trace.id);
  EXPECT_EQ(json::int_at(*json::at(*first, "/usage"), "input_tokens"), 3);
  EXPECT_EQ(json::view(*json::at(*second, "/output/0/content/0/text")), "pong");
  EXPECT_EQ(json::bool_at(*second, "store"), false);
  EXPECT_EQ(response.trace.usage.prompt, 3);
  EXPECT_EQ(seen.requests[0].path, "/v1/chat/completions");
  EXPECT_EQ(seen.requests[0].body, R"({"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":5})");
}

TEST(OtherWire, AStreamIsTranslatedAndItsUsageAskedFor) {
  Seen seen;
  Upstream upstream([&](const UpstreamRequest& request) {
    seen.add(request);
    return UpstreamReply::stream().content("po").content("ng").end();
  });
  auto runtime = open_with({provider("p", upstream.origin())});
  Events anthropic, openai;

  ASSERT_TRUE(runtime->call(hello(messages, true), &anthropic).ok());
  const auto result = runtime->call(hello(responses, true), &openai);

  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(result.text, "pong");
  EXPECT_THAT(anthropic.types(), ElementsAre("message_start", "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop", "message_delta", "message_stop"));
  EXPECT_THAT(openai.types(), ElementsAre("response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
                                          "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"));
  for (const auto& request : seen.requests) EXPECT_THAT(request.body, HasSubstr(R"("stream_options":{"include_usage":true},"stream":true)"));
}

TEST(OtherWire, TheFailureOfAnOpenedStreamIsInvisible) {
  Upstream broken([](const UpstreamRequest&) {
    return stream_of({R"({"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})",
                      R"({"error":{"message":"Provider returned error","code":null}})"});
  });
  Upstream good([](const UpstreamRequest&) { return UpstreamReply::stream().content("pong").end(); });
  auto runtime = open_with({provider("p", broken.origin()), provider("c", good.origin())});
  Events events;

  const auto result = runtime->call(hello(responses, true), &events);

  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_THAT(events.commits, ElementsAre("c"));
  const auto types = events.types();
  EXPECT_EQ(std::count(types.begin(), types.end(), "response.created"), 1);
  EXPECT_EQ(json::int_at(*json::parse(events.events[0]), "sequence_number"), 0);
}

TEST(OtherWire, AStreamThatBreaksOffIsToldWithWhatThereWas) {
  Upstream broken([](const UpstreamRequest&) {
    auto reply = UpstreamReply::stream().content("half");
    reply.close = true;
    return reply;
  });
  auto runtime = open_with({provider("p", broken.origin())});
  Events events;

  const auto result = runtime->call(hello(responses, true), &events);

  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.text, "half");
  const auto last = error_event(result, responses);
  ASSERT_EQ(last.size(), 2u);
  const auto failed = json::parse(last[0]);
  EXPECT_EQ(json::view(*json::at(*failed, "/response/id")), "resp_" + result.trace.id);
  EXPECT_EQ(json::int_at(*failed, "sequence_number"), static_cast<std::int64_t>(events.events.size()));
}

TEST(OtherWire, WhatCannotBeToldIsForTheNextTargetOfTheWire) {
  Upstream chat([](const UpstreamRequest&) { return UpstreamReply::completion("wrong"); });
  Upstream own([](const UpstreamRequest&) { return UpstreamReply::json(200, R"({"id":"r","object":"response","output":[{"type":"message","content":[{"type":"output_text","text":"found"}]}]})"); });
  auto runtime = open_with({provider("p", chat.origin()), wired("c", own.origin())});

  const auto result = runtime->call(ask_in(responses, R"({"input":"hi","tools":[{"type":"web_search"}]})"));

  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(result.text, "found");
  EXPECT_EQ(chat.requests(), 0u);
  EXPECT_THAT(result.trace.attempts[0].message, HasSubstr("tools[0] (web_search)"));
  EXPECT_EQ(result.trace.attempts[0].reason, fallback::Reason::model_unavailable);
  EXPECT_FALSE(result.trace.attempts[0].hold_ms);
}

TEST(OtherWire, AMalformedRequestIsRefusedWithItsMember) {
  Upstream upstream([](const UpstreamRequest&) { return UpstreamReply::completion("wrong"); });
  auto runtime = open_with({provider("p", upstream.origin()), provider("c", upstream.origin())});

  const auto early = runtime->call(ask_in(messages, R"({"messages":[]})"));
  const auto late = runtime->call(ask_in(messages, R"({"max_tokens":5,"messages":[{"role":"user","content":[{"type":"text"}]}]})"));

  for (const auto* result : {&early, &late}) {
    EXPECT_EQ(result->trace.outcome, fallback::Outcome::refused);
    EXPECT_EQ(result->trace.reason, fallback::Reason::bad_request);
    EXPECT_THAT(result->error, StartsWith("the request is not usable: "));
    EXPECT_THAT(error_body(*result, messages), HasSubstr(R"("type":"invalid_request_error")"));
  }
  EXPECT_EQ(early.param, "max_tokens");
  EXPECT_EQ(late.param, "messages.0.content.0.text");
  EXPECT_THAT(late.error, HasSubstr("messages.0.content.0.text"));
  EXPECT_EQ(upstream.requests(), 0u);
}

TEST(OtherWire, ALearnedParameterIsLeftOutFromTheStart) {
  std::atomic<int> refused{0};
  Upstream picky([&](const UpstreamRequest& request) {
    if (request.body.find("max_completion_tokens") != std::string::npos) return UpstreamReply::completion("pong");
    ++refused;
    return UpstreamReply::json(400, R"({"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens","code":"unsupported_parameter"}})");
  });
  auto runtime = open_with({provider("p", picky.origin())});

  for (int i = 0; i < 2; ++i) {
    const auto result = runtime->call(ask_in(responses, R"({"input":"hi","max_output_tokens":50})"));
    ASSERT_TRUE(result.ok()) << result.error;
  }
  EXPECT_EQ(refused, 1) << "the second call knew";
}

// ------------------------------------------------------------------------------------------------------------------- trace context

TEST(TraceContext, EveryAttemptIsASpanOfTheCallersTrace) {
  Seen seen;
  Upstream broken([&](const UpstreamRequest& request) {
    seen.add(request);
    return UpstreamReply::json(401, R"({"error":{"message":"no"}})");
  });
  Upstream good([&](const UpstreamRequest& request) {
    seen.add(request);
    return UpstreamReply::completion("pong");
  });
  auto own = provider("own", good.origin());
  own.endpoint.headers.emplace_back("Traceparent", "mine");
  auto runtime = open_with({provider("p", broken.origin()), provider("c", good.origin()), own});
  const auto with_parent = [](CallRequest request) {
    request.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    return request;
  };
  auto direct = ask("ping");
  direct.route.reset();
  direct.target = "own";

  ASSERT_TRUE(runtime->call(with_parent(ask("ping"))).ok());
  ASSERT_TRUE(runtime->call(with_parent(std::move(direct))).ok());
  ASSERT_TRUE(runtime->call(ask("ping")).ok());

  const auto parent = [&](std::size_t i) {
    const auto found = seen.requests.at(i).headers.find("traceparent");
    return found == seen.requests[i].headers.end() ? std::string("absent") : found->second;
  };
  EXPECT_EQ(parent(0), "00-0af7651916cd43dd8448eb211c80319c-" + attempt_span("b7ad6b7169203331", 1) + "-01");
  EXPECT_EQ(parent(1), "00-0af7651916cd43dd8448eb211c80319c-" + attempt_span("b7ad6b7169203331", 2) + "-01");
  EXPECT_EQ(parent(2), "mine");
  EXPECT_EQ(parent(3), "absent");
}

}  // namespace
}  // namespace belay::runtime::test
