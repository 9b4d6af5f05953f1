// [provider.NAME.options]: each one in the bytes that go out, and what cannot be meant is refused with its key.
#include "plugin.hpp"

#include <rapidjson/document.h>
#include <rapidjson/schema.h>

#include "belay/cpp/text.hpp"

namespace belay::openai::test {
namespace {

const Request chat(const std::string& body, bool streamed = false) { return {.body = body, .stream = streamed}; }

TEST(Options, DropLeavesMembersOutWhereverTheyStand) {
  const std::string options = R"({"drop":["temperature","n"]})";
  EXPECT_EQ(written(options, chat(R"({"temperature":1,"model":"m","n":1,"top_p":0.5})")).body,
            R"({"model":"m","top_p":0.5})");
  EXPECT_EQ(written(options, chat(R"({ "model" : "m" , "temperature" : {"a":[1,"}"]} })")).body, R"({"model":"m"})");
  EXPECT_EQ(written(options, chat(R"({"n":2})")).body, "{}");
  EXPECT_TRUE(written(options, chat(R"({"model":"m"})")).as_given) << "nothing to drop: no copy";
}

TEST(Options, ALargeValueIsCopiedWhole) {
  const std::string messages = "[\"" + std::string(100'000, 'x') + "\"]";
  EXPECT_EQ(written(R"({"drop":["n"]})", chat(R"({"a":1,"messages":)" + messages + R"(,"n":1,"b":2})")).body,
            R"({"a":1,"messages":)" + messages + R"(,"b":2})");
}

TEST(Options, AMemberThatMustNotBeIgnoredIsNotDropped) {
  auto instance = account(R"({"drop":["response_format"]})");
  auto exchange = instance.begin({.body = R"({"response_format":{}})", .required = {"response_format"}});
  Written out;
  const auto answer = exchange.build(out);
  EXPECT_EQ(answer.status, BELAY_ERR_UNSUPPORTED);
  EXPECT_EQ(answer.text, "options.drop leaves out \"response_format\", which this request must have");
}

TEST(Options, TheOutputCapGetsItsName) {
  const std::string longer = R"({"max_tokens_name":"max_completion_tokens"})",
                    shorter = R"({"max_tokens_name":"max_tokens"})";
  EXPECT_EQ(written(longer, chat(R"({"model":"m","max_tokens":50})")).body,
            R"({"model":"m","max_completion_tokens":50})");
  EXPECT_EQ(written(shorter, chat(R"({"max_completion_tokens":50,"model":"m"})")).body,
            R"({"max_tokens":50,"model":"m"})");
  EXPECT_EQ(written(longer, chat(R"({"max_tokens":50,"max_completion_tokens":60})")).body,
            R"({"max_completion_tokens":60})")
      << "the right one wins";
  EXPECT_TRUE(written(longer, chat(R"({"max_completion_tokens":60})")).as_given);
  EXPECT_TRUE(written("{}", chat(R"({"max_tokens":50})")).as_given);
}

TEST(Options, StreamUsageIsAskedForOnceAndOnlyInStreams) {
  const std::string options = R"({"stream_usage":true})";
  EXPECT_EQ(written(options, chat(R"({"model":"m","stream":true})", true)).body,
            R"({"model":"m","stream":true,"stream_options":{"include_usage":true}})");
  EXPECT_EQ(written(options, chat("{}", true)).body, R"({"stream_options":{"include_usage":true}})");
  EXPECT_EQ(written(options, chat(R"({"stream_options":{ "include_obfuscation":false}})", true)).body,
            R"({"stream_options":{"include_usage":true,"include_obfuscation":false}})");
  EXPECT_EQ(written(options, chat(R"({"stream_options":{ }})", true)).body,
            R"({"stream_options":{"include_usage":true}})");
  EXPECT_EQ(written(options, chat(R"({"stream_options":null})", true)).body,
            R"({"stream_options":{"include_usage":true}})");
  EXPECT_TRUE(written(options, chat(R"({"stream_options":{"include_usage":false}})", true)).as_given)
      << "the caller has said";
  EXPECT_TRUE(written(options, chat(R"({"model":"m"})")).as_given) << "no stream";
  EXPECT_TRUE(written("{}", chat(R"({"model":"m"})", true)).as_given) << "not asked for by default";
}

TEST(Options, AnotherHeaderCarriesTheBareSecret) {
  auto instance = account(R"({"auth_header":"API-Key"})");
  const Secret secret;
  const auto out = written(instance, chat("{}"), &secret);
  EXPECT_EQ(out.headers.back(), (std::pair<std::string, std::string>{"api-key", "sk-test"}));
  EXPECT_EQ(out.secret_headers, std::vector<std::string>{"api-key"});
}

TEST(Options, OrganizationAndProjectAreHeaders) {
  EXPECT_EQ(written(R"({"organization":"org-1","project":"proj-1"})", chat("{}")).headers,
            (Pairs{{"content-type", "application/json"},
                   {"accept", "application/json"},
                   {"openai-organization", "org-1"},
                   {"openai-project", "proj-1"}}));
}

TEST(Options, QueryIsAddedToEveryUrlAndEncoded) {
  const std::string options = R"({"query":{"api-version":"2024-10-21","x y":"a&b=c/\u00e4"}})";
  EXPECT_EQ(written(options, chat("{}")).url,
            "https://api.example/v1/chat/completions?api-version=2024-10-21&x%20y=a%26b%3Dc%2F%C3%A4");
  EXPECT_EQ(written(options, {.operation = "models", .wire = "", .body = "{}"}).url,
            "https://api.example/v1/models?api-version=2024-10-21&x%20y=a%26b%3Dc%2F%C3%A4");
}

TEST(Options, AQueryOfTheBaseUrlStays) {
  auto instance = account(R"({"query":{"b":"2"}})", "https://api.example/v1?a=1");
  EXPECT_EQ(written(instance, chat("{}")).url, "https://api.example/v1/chat/completions?a=1&b=2");
}

TEST(Options, PathsAreTheServersOwn) {
  const std::string options =
      R"({"chat_path":"/deployments/d/chat/completions","embeddings_path":"embed?v=1","models_path":"/list"})";
  EXPECT_EQ(written(options, chat("{}")).url, "https://api.example/v1/deployments/d/chat/completions");
  EXPECT_EQ(written(options, {.operation = "embeddings", .wire = "", .body = "{}"}).url,
            "https://api.example/v1/embed?v=1");
  EXPECT_EQ(written(options, {.operation = "models", .wire = "", .body = "{}"}).url, "https://api.example/v1/list");
}

TEST(Options, WhatCannotBeMeantIsRefusedWithItsKey) {
  const auto refused = [](const std::string& options) {
    const auto created = account(options).created;
    EXPECT_EQ(created.status, BELAY_ERR_CONFIG) << options;
    return created.text;
  };
  EXPECT_EQ(refused(R"({"drop":["messages"]})"), "options.drop names \"messages\", without which there is no request");
  EXPECT_EQ(refused(R"({"drop":["max_tokens"],"max_tokens_name":"max_tokens"})"),
            "options.drop names \"max_tokens\", which options.max_tokens_name asks for");
  EXPECT_EQ(refused(R"({"drop":["stream_options"],"stream_usage":true})"),
            "options.drop names \"stream_options\", which options.stream_usage needs");
  EXPECT_EQ(account("{}", "").created.text, "base_url is missing; right would be \"https://api.openai.com/v1\"");
}

TEST(Options, WhatTheyChangeIsInTheLog) {
  host().log.clear();
  (void)account(R"({"drop":["n","seed"],"max_tokens_name":"max_tokens","stream_usage":true,"organization":"o"})");
  (void)account(R"({"organization":"o"})");
  EXPECT_EQ(host().log, std::vector<std::string>{"by its options this provider drops n; drops seed; sends the output "
                                                 "cap as max_tokens; asks for usage in streams"});
}

TEST(Options, TheSchemaAcceptsTheseAndNothingElse) {
  const auto text = sdk::view(plugin().descriptor().config_schema);
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  ASSERT_FALSE(document.HasParseError());
  const rapidjson::SchemaDocument schema(document);
  const auto accepts = [&](const std::string& options) {
    rapidjson::Document value;
    value.Parse(options.c_str());
    rapidjson::SchemaValidator validator(schema);
    return value.Accept(validator);
  };
  for (const auto* good :
       {"{}", R"({"max_tokens_name":"max_tokens"})",
        R"({"drop":["n"],"auth_header":"x-api-key","query":{"a":"b"},"stream_usage":false})",
        R"({"organization":"o","project":"p","chat_path":"/c","embeddings_path":"/e","models_path":"/m"})"}) {
    EXPECT_TRUE(accepts(good)) << good;
  }
  for (const auto* wrong : {R"({"max_token_name":"max_tokens"})", R"({"max_tokens_name":"cap"})", R"({"drop":"n"})",
                            R"({"drop":[1]})", R"({"drop":["n","n"]})", R"({"auth_header":"a: b"})",
                            R"({"query":{"a":1}})", R"({"stream_usage":"yes"})", R"({"chat_path":""})"}) {
    EXPECT_FALSE(accepts(wrong)) << wrong;
  }
}

TEST(Options, TheDescriptorSaysWhatThisIs) {
  const auto& about = plugin().descriptor();
  EXPECT_EQ(sdk::view(about.type), "openai");
  EXPECT_EQ(sdk::view(plugin().table().id), "dev.belay.openai");
  EXPECT_EQ(about.caps & (BELAY_CAP_STREAM | BELAY_CAP_KEYLESS | BELAY_CAP_OWN_TRANSPORT),
            BELAY_CAP_STREAM | BELAY_CAP_KEYLESS);
  ASSERT_EQ(about.operation_count, 3u);
  ASSERT_EQ(about.wire_count, 1u);
  EXPECT_EQ(sdk::view(about.wires[0]), "openai.chat/1");
  EXPECT_EQ(about.default_base_url.len, 0u) << "a secret goes to no server that nobody named";
}

}  // namespace
}  // namespace belay::openai::test
