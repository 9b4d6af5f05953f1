// What goes out: URL, headers and body, byte by byte.
#include "plugin.hpp"

namespace belay::openai::test {
namespace {

constexpr const char* chat =
    R"({"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":50,"temperature":0.3})";

TEST(Request, ChatGoesOutAsItCame) {
  auto instance = account();
  const Secret secret;
  const auto out = written(instance, {.body = chat}, &secret);

  EXPECT_EQ(out.method, "POST");
  EXPECT_EQ(out.url, "https://api.example/v1/chat/completions");
  EXPECT_EQ(out.headers, (Pairs{{"content-type", "application/json"},
                                {"accept", "application/json"},
                                {"authorization", "Bearer sk-test"}}));
  EXPECT_EQ(out.secret_headers, std::vector<std::string>{"authorization"});
  EXPECT_TRUE(out.as_given);
  EXPECT_EQ(out.body, "");
}

TEST(Request, AStreamIsAskedForAsOne) {
  const auto out = written("{}", {.body = R"({"model":"m","stream":true})", .stream = true});
  EXPECT_EQ(out.headers, (Pairs{{"content-type", "application/json"}, {"accept", "text/event-stream"}}));
  EXPECT_TRUE(out.as_given);
}

TEST(Request, ACanonicalRequestIsTheSameBody) { EXPECT_TRUE(written("{}", {.wire = "", .body = chat}).as_given); }

TEST(Request, AKeylessProviderSendsNoSecret) { EXPECT_TRUE(written("{}", {.body = chat}).secret_headers.empty()); }

TEST(Request, EmbeddingsHaveTheirPath) {
  const auto out = written("{}", {.operation = "embeddings", .wire = "", .body = R"({"model":"m","input":"x"})"});
  EXPECT_EQ(out.method, "POST");
  EXPECT_EQ(out.url, "https://api.example/v1/embeddings");
  EXPECT_TRUE(out.as_given);
}

TEST(Request, ModelsAreAGetWithoutBody) {
  auto instance = account();
  const Secret secret;
  const auto out = written(instance, {.operation = "models", .wire = "", .body = "{}"}, &secret);
  EXPECT_EQ(out.method, "GET");
  EXPECT_EQ(out.url, "https://api.example/v1/models");
  EXPECT_EQ(out.headers, (Pairs{{"accept", "application/json"}, {"authorization", "Bearer sk-test"}}));
  EXPECT_FALSE(out.as_given);
  EXPECT_EQ(out.body, "");
}

TEST(Request, ASecretThatNoHeaderCanCarryIsRefusedWithASentence) {
  auto instance = account();
  for (const std::string value : {"sk-1\n", "sk-1\r\nx-smuggled: 1", "sk\x01", "sk\x7f"}) {
    const Secret secret{.fields = {{"secret", value}}};
    auto exchange = instance.begin({.body = chat}, &secret);
    ASSERT_EQ(exchange.started.status, BELAY_OK);
    Written out;
    const auto answer = exchange.build(out);
    EXPECT_EQ(answer.status, BELAY_ERR_CREDENTIAL);
    EXPECT_EQ(answer.text, "the header authorization would have a control character in it");
    EXPECT_TRUE(out.secret_headers.empty());
  }
}

TEST(Request, EveryGenericCredentialIsATokenInAHeader) {
  auto instance = account();
  for (const auto* type : {"api_key", "oauth2", "exec"}) {
    const Secret secret{.type = type, .fields = {{"refresh_token", "rt-1"}, {"secret", "token-1"}}};
    const auto out = written(instance, {.body = chat}, &secret);
    EXPECT_EQ(out.headers.back(), (std::pair<std::string, std::string>{"authorization", "Bearer token-1"})) << type;
  }
}

TEST(Request, ACredentialThatNoHeaderCarriesIsRefusedByName) {
  auto instance = account();
  const auto refused = [&](const Pairs& fields) {
    const Secret secret{.type = "exec", .fields = fields};
    const auto started = instance.begin({.body = chat}, &secret).started;
    EXPECT_EQ(started.status, BELAY_ERR_CREDENTIAL);
    return started.text;
  };
  EXPECT_EQ(refused({{"certificate", "PEM"}, {"key", "PEM"}}),
            "credential \"main\" is a client certificate and key, and this provider sends its secret in a header; its "
            "command must print a token");
  EXPECT_EQ(refused({{"access_key_id", "A"}, {"secret_access_key", "S"}}),
            "credential \"main\" is an AWS access key, and this provider sends one token in a header; its command must "
            "print a token");
  EXPECT_EQ(refused({}), "credential \"main\" has no field \"secret\"");
}

TEST(Request, WhatIsNotKnownIsRefused) {
  auto instance = account();
  const auto speech = instance.begin({.operation = "speech", .body = "{}"}).started;
  EXPECT_EQ(speech.status, BELAY_ERR_UNSUPPORTED);
  EXPECT_EQ(speech.text, "this provider does chat, embeddings and models, not speech");
  const auto wire = instance.begin({.wire = "anthropic.messages/1", .body = "{}"}).started;
  EXPECT_EQ(wire.status, BELAY_ERR_UNSUPPORTED);
  EXPECT_EQ(wire.text, "this provider takes the wire openai.chat/1 and canonical requests, not anthropic.messages/1");
}

TEST(Request, TheSameInputGivesTheSameBytes) {
  const std::string options = R"({"drop":["temperature"],"query":{"b":"2","a":"1"}})";
  const auto first = written(options, {.body = chat}), second = written(options, {.body = chat});
  EXPECT_EQ(first.url, second.url);
  EXPECT_EQ(first.headers, second.headers);
  EXPECT_EQ(first.body, second.body);
}

}  // namespace
}  // namespace belay::openai::test
