// Requests of other wires in canonical words, and what has none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call_body.hpp"
#include "golden.hpp"
#include "wires/to_chat.hpp"

namespace belay::runtime::test {
namespace {

using testing::HasSubstr;
using wires::Misfit;
using wires::Wire;

class Requests : public testing::TestWithParam<const char*> {};

TEST_P(Requests, BecomeTheirChatRequestOrNameTheMember) {
  const auto file = golden(GetParam());
  const Wire wire = *wires::wire_of(*json::string_at(file, "wire"));
  ASSERT_GT(file["cases"].Size(), 20u);
  for (const auto& one : file["cases"].GetArray()) {
    SCOPED_TRACE(std::string(*json::string_at(one, "name")));
    const auto made = wires::to_chat(wire, json::text(one["request"]));
    if (const auto* chat = json::find(one, "chat")) {
      ASSERT_TRUE(std::holds_alternative<std::string>(made)) << std::get<Misfit>(made).message;
      const auto document = json::parse(std::get<std::string>(made));
      ASSERT_TRUE(document) << document.error().message << ": " << std::get<std::string>(made);
      EXPECT_TRUE(*document == *chat) << std::get<std::string>(made) << "\n" << json::text(*chat);
      continue;
    }
    const bool unsupported = one.HasMember("unsupported");
    ASSERT_TRUE(std::holds_alternative<Misfit>(made)) << std::get<std::string>(made);
    const auto& misfit = std::get<Misfit>(made);
    const std::string_view member = *json::string_at(one, unsupported ? "unsupported" : "malformed");
    EXPECT_EQ(misfit.kind, unsupported ? Misfit::Kind::unsupported : Misfit::Kind::malformed);
    EXPECT_EQ(misfit.member, member);
    EXPECT_THAT(misfit.message, HasSubstr(member));
  }
}

TEST(Misfits, ShowOnlySoMuchOfACallersWord) {
  const auto made = wires::to_chat(Wire::responses, R"({"input":"hi","tools":[{"type":"\n)" + std::string(5000, 'x') + "\"}]}");
  const auto& message = std::get<Misfit>(made).message;
  EXPECT_LT(message.size(), 200u);
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Of, Requests, testing::Values("responses_requests.json", "messages_requests.json"));

// ------------------------------------------------------------------------------------------------------------------------ CallBody

std::unique_ptr<CallBody> usable(std::string body, std::string_view wire) {
  auto parsed = CallBody::parse(std::move(body), wire, "chat");
  if (const auto* misfit = std::get_if<Misfit>(&parsed)) throw std::runtime_error(misfit->message);
  return std::get<std::unique_ptr<CallBody>>(std::move(parsed));
}

std::string prepared(const CallBody& body, bool own_wire, bool stream = false, const std::vector<fallback::Adjusted>& adjusted = {}) {
  auto out = body.prepare(own_wire, "up", stream, adjusted);
  if (const auto* misfit = std::get_if<Misfit>(&out)) return "misfit: " + misfit->message;
  return std::get<PreparedBody>(out).text;
}

std::string param_of(std::string body, std::string_view wire, std::string_view operation = "chat") {
  auto parsed = CallBody::parse(std::move(body), wire, operation);
  const auto* misfit = std::get_if<Misfit>(&parsed);
  return misfit == nullptr ? "usable" : misfit->member + ": " + misfit->message;
}

TEST(CallBody, ATargetOfTheCallersWireGetsItsBytes) {
  const auto body = usable(R"({"input" : "hi","own":{"a": 1.50},"model":"r","max_output_tokens":5})", "openai.responses/1");
  EXPECT_EQ(prepared(*body, true, true), R"({"input":"hi","own":{"a": 1.50},"model":"up","max_output_tokens":5,"stream":true})");
}

TEST(CallBody, AnotherTargetGetsAChatRequestWithTheUsageOfAStream) {
  const auto body = usable(R"({"input":"hi","model":"r"})", "openai.responses/1");
  EXPECT_EQ(prepared(*body, false), R"({"model":"up","messages":[{"role":"user","content":"hi"}]})");
  EXPECT_EQ(prepared(*body, false, true), R"({"model":"up","messages":[{"role":"user","content":"hi"}],"stream_options":{"include_usage":true},"stream":true})");
}

TEST(CallBody, RouteParamsAreDefaultsInEveryWire) {
  const CallBody::Params params{{"temperature", "0.2"}, {"max_tokens", "9"}, {"stop", "\"END\""}, {"seed", "1"}};
  const auto responses = usable(R"({"input":"hi"})", "openai.responses/1");
  ASSERT_TRUE(responses->add_defaults(params));
  EXPECT_EQ(prepared(*responses, true), R"({"model":"up","input":"hi","temperature":0.2,"max_output_tokens":9})");
  EXPECT_EQ(prepared(*responses, false), R"({"model":"up","messages":[{"role":"user","content":"hi"}],"temperature":0.2,"max_tokens":9,"stop":"END","seed":1})");

  const auto messages = usable(R"({"max_tokens":3,"messages":[{"role":"user","content":"hi"}]})", "anthropic.messages/1");
  ASSERT_TRUE(messages->add_defaults(params));
  EXPECT_EQ(prepared(*messages, true), R"({"model":"up","max_tokens":3,"messages":[{"role":"user","content":"hi"}],"temperature":0.2,"stop_sequences":["END"]})");
  EXPECT_EQ(prepared(*messages, false), R"({"model":"up","messages":[{"role":"user","content":"hi"}],"max_tokens":3,"temperature":0.2,"stop":["END"],"seed":1})");
}

TEST(CallBody, AdjustmentsFindTheirMembersInBothWires) {
  const auto body = usable(R"({"input":"hi","max_output_tokens":900,"reasoning":{"effort":"high"}})", "openai.responses/1");
  const auto has = [&](std::string_view name) {
    return std::any_of(body->members().begin(), body->members().end(), [name](const auto& member) { return member.name == name; });
  };
  EXPECT_TRUE(has("max_output_tokens") && has("max_tokens") && has("reasoning_effort") && has("stream_options"));
  EXPECT_FALSE(has("response_format"));
  EXPECT_EQ(prepared(*body, false, false, {{"max_tokens", "512"}, {"reasoning_effort", "null"}}), R"({"model":"up","messages":[{"role":"user","content":"hi"}],"max_tokens":512})");
  EXPECT_EQ(prepared(*body, true, false, {{"max_tokens", "512"}}), R"({"model":"up","input":"hi","max_output_tokens":512,"reasoning":{"effort":"high"}})");
}

TEST(CallBody, WhatItsWireNeedsIsAskedForAtOnce) {
  EXPECT_THAT(param_of(R"({"model":"m"})", "openai.responses/1"), HasSubstr("input: the request is not usable: input is missing"));
  EXPECT_EQ(param_of(R"({"previous_response_id":"r"})", "openai.responses/1"), "usable");
  EXPECT_THAT(param_of(R"({"messages":[]})", "anthropic.messages/1"), HasSubstr("max_tokens: "));
  EXPECT_THAT(param_of(R"({"messages":[],"max_tokens":"5"})", "anthropic.messages/1"), HasSubstr("whole number"));
  EXPECT_THAT(param_of(R"({"max_tokens":5})", "anthropic.messages/1"), HasSubstr("messages: "));
  EXPECT_EQ(param_of(R"({"messages":[]})", "anthropic.messages/1", "count_tokens"), "usable");
  EXPECT_EQ(param_of("{}", "openai.chat/1"), "usable");
  EXPECT_THAT(param_of("{}", "openai.chat/2"), HasSubstr("unknown"));
  EXPECT_THAT(param_of("{", "openai.responses/1"), HasSubstr("line 1"));
}

}  // namespace
}  // namespace belay::runtime::test
