// The templates, loaded as plugins: the same requests and the same events from C, C++ and Rust, whatever the cut.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "belay/cpp/text.hpp"
#include "driver.hpp"

namespace {

using namespace belay::driver;
using belay::sdk::view;

struct Template {
  const char* name;
  const char* file;
};
constexpr Template templates[] = {{"c", ACME_C},
                                  {"cpp", ACME_CPP},
#if defined(ACME_RUST)
                                  {"rust", ACME_RUST},
#endif
#if defined(ACME_RUST_DEBIAN)
                                  {"rust_debian", ACME_RUST_DEBIAN},
#endif
};

class Templates : public testing::TestWithParam<Template> {
 protected:
  ~Templates() override { host() = {}; }
  Plugin plugin{GetParam().file};
  Instance instance = plugin.make("https://api.acme.example/v1");
};

TEST_P(Templates, SayWhatTheyAre) {
  EXPECT_EQ(view(plugin.table().id), "org.example.acme");
  EXPECT_EQ(view(plugin.table().version), "0.1.0");
  EXPECT_EQ(view(plugin.table().hash), BELAY_ABI_HASH);
  EXPECT_EQ(plugin.table().flags, BELAY_ABI_DRAFT != 0 ? BELAY_PLUGIN_DRAFT : 0u);
  ASSERT_EQ(plugin.table().provider_count, 1u);
  EXPECT_EQ(plugin.table().descriptor(1), nullptr);
  EXPECT_EQ(plugin.table().api(1), nullptr);
  const auto& about = plugin.descriptor();
  EXPECT_EQ(view(about.type), "acme");
  EXPECT_EQ(view(about.version), "0.1.0");
  EXPECT_EQ(about.caps, BELAY_CAP_STREAM | BELAY_CAP_TOOLS | BELAY_CAP_KEYLESS);
  ASSERT_EQ(about.wire_count, 1u);
  EXPECT_EQ(view(about.wires[0]), "openai.chat/1");
  EXPECT_EQ(about.credential_type_count, 3u);
}

TEST_P(Templates, NeedABaseUrl) {
  const auto refused = plugin.make("");
  EXPECT_EQ(refused.created.status, BELAY_ERR_CONFIG);
  EXPECT_EQ(refused.created.text, "base_url is missing; right would be \"https://api.acme.example/v1\"");
}

TEST_P(Templates, SendTheBodyAsItCame) {
  const Secret secret;
  auto exchange = instance.begin({.body = R"({"model":"m","messages":[]})"}, &secret);
  ASSERT_EQ(exchange.started.status, BELAY_OK);
  Written written;
  ASSERT_EQ(exchange.build(written).status, BELAY_OK);

  EXPECT_EQ(written.method, "POST");
  EXPECT_EQ(written.url, "https://api.acme.example/v1/chat/completions");
  EXPECT_EQ(written.headers, (Pairs{{"content-type", "application/json"}, {"authorization", "Bearer sk-test"}}));
  EXPECT_EQ(written.secret_headers, std::vector<std::string>{"authorization"});
  EXPECT_TRUE(written.as_given);
  EXPECT_EQ(written.body, "");
}

TEST_P(Templates, RefuseASecretThatWouldBeginAnotherHeader) {
  const Secret secret{.fields = {{"secret", "sk-test\r\nx-smuggled: 1"}}};
  auto exchange = instance.begin({.body = "{}"}, &secret);
  Written written;
  const auto built = exchange.build(written);
  EXPECT_EQ(built.status, BELAY_ERR_CREDENTIAL);
  EXPECT_EQ(built.text, "the header authorization would have a control character in it");
  EXPECT_EQ(written.headers, (Pairs{{"content-type", "application/json"}}));
}

TEST_P(Templates, SendNothingForAKeylessProvider) {
  auto exchange = instance.begin({.body = "{}"});
  Written written;
  ASSERT_EQ(exchange.build(written).status, BELAY_OK);
  EXPECT_EQ(written.headers, (Pairs{{"content-type", "application/json"}}));
}

TEST_P(Templates, RefuseWhatTheyDoNotDo) {
  EXPECT_EQ(instance.begin({.wire = "", .body = "{}"}).started.status, BELAY_ERR_UNSUPPORTED);
  EXPECT_EQ(instance.begin({.operation = "embeddings", .body = "{}"}).started.status, BELAY_ERR_UNSUPPORTED);
}

TEST_P(Templates, EveryCutGivesTheSameEvents) {
  const Reply stream{200,
                     {{"content-type", "text/event-stream"}},
                     "\xEF\xBB\xBF"
                     "event: x\r\n: hi\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\ndata: {\"b\":\"\xC3\xA4\"}\n\ndata: "
                     "[DONE]\n\ndata: {\"late\":1}\n\n"};
  const Reply body{200, {{"content-type", "application/json"}}, "  {\"choices\":[]}"};
  for (const auto& reply : {stream, body}) {
    auto whole_exchange = instance.begin({.body = "{}", .stream = true});
    const auto whole = play(whole_exchange, reply, {}).seen;
    EXPECT_EQ(whole.size(), &reply == &stream || reply.body == stream.body ? 3u : 1u);
    EXPECT_EQ(whole.back().a, reply.body == stream.body ? "[DONE]" : "{\"choices\":[]}");
    for (std::size_t cut = 1; cut < reply.body.size(); ++cut) {
      auto exchange = instance.begin({.body = "{}", .stream = true});
      EXPECT_EQ(play(exchange, reply, {cut, reply.body.size()}).seen, whole) << "cut at " << cut;
    }
    auto exchange = instance.begin({.body = "{}", .stream = true});
    EXPECT_EQ(play(exchange, reply, {1}).seen, whole) << "byte by byte";
  }
}

TEST_P(Templates, ACutReplyIsNoCleanEnd) {
  auto exchange = instance.begin({.body = "{}", .stream = true});
  const auto events = play(exchange, {200, {{"content-type", "text/event-stream"}}, "data: {\"a\":1}\n\ndata: {"}, {},
                           BELAY_FINISH_TRUNCATED)
                          .seen;
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].failure_kind, BELAY_FAILURE_CUT);
  EXPECT_EQ(events[1].failure_status, 200);
}

TEST_P(Templates, AnEmptyStreamIsNoReply) {
  auto exchange = instance.begin({.body = "{}", .stream = true});
  const auto events = play(exchange, {200, {{"content-type", "text/event-stream"}}, ": ping\n\n"}, {}).seen;
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].failure_kind, BELAY_FAILURE_INVALID);
}

TEST_P(Templates, HearTheSinkSayStop) {
  auto exchange = instance.begin({.body = "{}", .stream = true});
  Events events;
  events.stop_at = 0;
  ASSERT_EQ(exchange.head(200, {{"content-type", "text/event-stream"}}, events).status, BELAY_OK);
  EXPECT_EQ(exchange.chunk("data: 1\n\ndata: 2\n\n", events).status, BELAY_STOP);
  EXPECT_EQ(exchange.finish(BELAY_FINISH_COMPLETE, events).status, BELAY_OK);
  EXPECT_EQ(events.after_stop, 0u);
}

TEST_P(Templates, PassARefreshOnToTheHost) {
  host().refresh = [](const belay_refresh_in& in, belay_refresh_out& out, const belay_field_sink& sink, belay_error*) {
    EXPECT_EQ(view(in.type), "oauth2");
    sink.emit(sink.host, belay::sdk::str("secret"), belay::sdk::str("at-2"), BELAY_SECRET);
    out.outcome = BELAY_REFRESHED;
    out.expires_unix_ms = 1'700'000'900'000;
    return BELAY_OK;
  };
  const auto answer = instance.refresh(BELAY_CAUSE_REJECTED,
                                       {.type = "oauth2", .fields = {{"secret", "at-1"}, {"refresh_token", "rt-1"}}});

  EXPECT_EQ(answer.answer.status, BELAY_OK);
  EXPECT_EQ(answer.out.outcome, BELAY_REFRESHED);
  EXPECT_EQ(answer.out.expires_unix_ms, 1'700'000'900'000);
  EXPECT_EQ(answer.fields, (Pairs{{"secret", "at-2"}}));
  EXPECT_EQ(answer.secrets, std::vector<std::string>{"secret"});
}

TEST_P(Templates, WorkWithAHostThatLacksEveryService) {
  host().has_services = false;
  EXPECT_EQ(instance.classify({.status = 402, .body = R"({"error":{"message":"x"}})"}).status, BELAY_OK);
  const auto answer = instance.refresh(BELAY_CAUSE_REJECTED, {});
  EXPECT_EQ(answer.answer.status, BELAY_OK);
  EXPECT_EQ(answer.out.outcome, BELAY_NOT_APPLICABLE);
}

TEST_P(Templates, TellUpstreamsOwnWords) {
  const auto verdict = instance.classify(
      {.status = 402, .body = R"({"error":{"message":"No money left","code":"acme_out_of_credits"}})"});
  EXPECT_EQ(verdict.reason, BELAY_REASON_QUOTA_EXHAUSTED);
  EXPECT_EQ(verdict.message, "No money left");
}

INSTANTIATE_TEST_SUITE_P(Of, Templates, testing::ValuesIn(templates),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
