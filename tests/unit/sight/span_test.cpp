#include <gtest/gtest.h>

#include <map>

#include "samples.hpp"
#include "span_json.hpp"

namespace belay::gateway::sight {
namespace {

using gateway::test::plain;
using gateway::test::Sample;
using gateway::test::two_providers;

/// The spans of one request, as a collector would read them.
struct Spans {
  explicit Spans(const RequestRecord& record) {
    std::string text;
    count = append_spans(text, *keep(record), *providers_of(two_providers()));
    auto parsed = json::parse(export_body("svc", text));
    if (!parsed) throw std::runtime_error(parsed.error().message + text);
    document = std::move(*parsed);
  }
  const json::Value& span(int i) const {
    return *json::at(document, "/resourceSpans/0/scopeSpans/0/spans/" + std::to_string(i));
  }

  /// Attributes as text, whatever their type.
  static std::map<std::string, std::string> attributes(const json::Value& of) {
    std::map<std::string, std::string> out;
    for (const auto& one : json::find(of, "attributes")->GetArray()) {
      const auto value = json::find(one, "value")->MemberBegin();
      out[std::string(*json::string_at(one, "key"))] =
          value->value.IsString() ? std::string(json::view(value->value)) : json::text(value->value);
    }
    return out;
  }

  std::size_t count = 0;
  json::Document document;
};

TEST(Spans, OneForTheRequestAndOneForEachAttempt) {
  Sample sample;
  const Spans spans(sample.record);
  ASSERT_EQ(spans.count, 3u);
  const auto& server = spans.span(0);
  EXPECT_EQ(json::string_at(server, "traceId"), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(json::string_at(server, "spanId"), "b7ad6b7169203331");
  EXPECT_EQ(json::string_at(server, "parentSpanId"), "00f067aa0ba902b7");
  EXPECT_EQ(json::string_at(server, "name"), "POST /v1/chat/completions");
  EXPECT_EQ(json::int_at(server, "kind"), 2);
  EXPECT_EQ(json::string_at(server, "startTimeUnixNano"), "1764000000123000000");
  EXPECT_EQ(json::string_at(server, "endTimeUnixNano"), "1764000000935500000");
  for (int i : {1, 2}) {
    const auto& attempt = spans.span(i);
    EXPECT_EQ(json::int_at(attempt, "kind"), 3);
    EXPECT_EQ(json::string_at(attempt, "parentSpanId"), "b7ad6b7169203331");
    EXPECT_EQ(json::string_at(attempt, "spanId"), runtime::attempt_span("b7ad6b7169203331", i))
        << "what went upstream in traceparent";
    EXPECT_EQ(json::string_at(attempt, "name"), "chat m");
  }
  EXPECT_EQ(json::string_at(spans.span(2), "startTimeUnixNano"), "1764000000243000000");
}

TEST(Spans, AttributesAreThoseOfTheConventions) {
  Sample sample;
  const Spans spans(sample.record);
  auto server = Spans::attributes(spans.span(0));
  EXPECT_EQ(server["http.request.method"], "POST");
  EXPECT_EQ(server["http.response.status_code"], "200");
  EXPECT_EQ(server["http.route"], "/v1/chat/completions");
  EXPECT_EQ(server["client.address"], "127.0.0.1");
  EXPECT_EQ(server["client.port"], "50112");
  EXPECT_EQ(server["gen_ai.operation.name"], "chat");
  EXPECT_EQ(server["gen_ai.request.model"], "r");
  EXPECT_EQ(server["gen_ai.response.model"], "m");
  EXPECT_EQ(server["gen_ai.usage.input_tokens"], "11");
  EXPECT_EQ(server["gen_ai.usage.output_tokens"], "7");
  EXPECT_EQ(server["gen_ai.usage.cache_read.input_tokens"], "4");
  EXPECT_EQ(server["belay.outcome"], "ok");
  EXPECT_EQ(server["belay.reason"], "auth_rejected");
  EXPECT_EQ(server["belay.key"], "ci");
  EXPECT_FALSE(server.contains("error.type"));

  auto first = Spans::attributes(spans.span(1));
  EXPECT_EQ(first["gen_ai.provider.name"], "openai");
  EXPECT_EQ(first["gen_ai.request.model"], "m");
  EXPECT_EQ(first["server.address"], "127.0.0.1");
  EXPECT_EQ(first["server.port"], "9");
  EXPECT_EQ(first["http.response.status_code"], "401");
  EXPECT_EQ(first["error.type"], "auth_rejected");
  EXPECT_EQ(first["belay.provider"], "p");
  EXPECT_EQ(first["belay.credential.id"], "main");
  EXPECT_EQ(first["belay.credential.generation"], "3");
  EXPECT_EQ(first["belay.verdict"], "next_target");
  EXPECT_EQ(first["belay.hold_ms"], "600000");
  EXPECT_FALSE(first.contains("gen_ai.usage.input_tokens"));
  EXPECT_EQ(json::int_at(*json::find(spans.span(1), "status"), "code"), 2);
  EXPECT_EQ(json::string_at(*json::find(spans.span(1), "status"), "message"), "Incorrect API key provided");

  auto second = Spans::attributes(spans.span(2));
  EXPECT_EQ(second["gen_ai.usage.input_tokens"], "11");
  EXPECT_FALSE(second.contains("error.type"));
}

TEST(Spans, RefreshesAdjustmentsAndSkipsAreEvents) {
  Sample sample;
  const Spans spans(sample.record);
  const auto event = [&](int span) -> const json::Value& { return *json::at(spans.span(span), "/events/0"); };
  EXPECT_EQ(json::string_at(event(0), "name"), "belay.skipped");
  EXPECT_EQ(Spans::attributes(event(0))["belay.target"], "x/m2");
  EXPECT_EQ(json::string_at(event(1), "name"), "belay.refresh");
  EXPECT_EQ(Spans::attributes(event(1))["belay.refresh.outcome"], "failed_permanent");
  EXPECT_EQ(json::string_at(event(2), "name"), "belay.adjust");
  EXPECT_EQ(Spans::attributes(event(2))["belay.parameter"], "temperature");
}

TEST(Spans, AFailedCallIsAnErrorAndARefusedOneIsNot) {
  Sample sample;
  sample.result.trace.outcome = fallback::Outcome::failed;
  sample.result.trace.reason = fallback::Reason::overloaded;
  sample.record.status = 503;
  const Spans failed(sample.record);
  EXPECT_EQ(Spans::attributes(failed.span(0))["error.type"], "overloaded");
  EXPECT_EQ(json::int_at(*json::find(failed.span(0), "status"), "code"), 2);

  const Spans refused(plain("POST", "/v1/chat/completions", 413));
  EXPECT_EQ(refused.count, 1u);
  EXPECT_FALSE(Spans::attributes(refused.span(0)).contains("error.type"));
  EXPECT_EQ(json::find(refused.span(0), "parentSpanId"), nullptr);
}

TEST(Spans, APathThatAClientMadeUpIsNoName) {
  auto record = plain("POST", "/made/up/7", 404);
  record.peer = "unix";
  const Spans spans(record);
  EXPECT_EQ(json::string_at(spans.span(0), "name"), "POST");
  auto server = Spans::attributes(spans.span(0));
  EXPECT_EQ(server["url.path"], "/made/up/7");
  EXPECT_FALSE(server.contains("http.route"));
  EXPECT_EQ(server["client.address"], "unix");
  EXPECT_FALSE(server.contains("client.port"));
}

TEST(Spans, TheServiceHasItsName) {
  const Spans spans(plain("POST", "/x", 404));
  auto resource = Spans::attributes(*json::at(spans.document, "/resourceSpans/0/resource"));
  EXPECT_EQ(resource["service.name"], "svc");
}

TEST(Spans, ProbesAndUnsampledRequestsHaveNone) {
  EXPECT_FALSE(keep(plain("GET", "/healthz", 200))->has_spans());
  Sample sample;
  EXPECT_TRUE(keep(sample.record)->has_spans());
  sample.record.context.sampled = false;
  EXPECT_FALSE(keep(sample.record)->has_spans());
  auto traceless = plain("POST", "/v1/responses", 401);
  traceless.context = {};
  EXPECT_FALSE(keep(traceless)->has_spans());
}

}  // namespace
}  // namespace belay::gateway::sight
