// Answers in other wires, made from canonical events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "golden.hpp"
#include "wires/to_chat.hpp"

namespace belay::runtime::test {
namespace {

using testing::ElementsAre;
using testing::StartsWith;
using wires::Wire;

class Answers : public testing::TestWithParam<const char*> {};

TEST_P(Answers, AreToldEventByEventAndWhole) {
  const auto file = golden(GetParam());
  const Wire wire = *wires::wire_of(*json::string_at(file, "wire"));
  ASSERT_GT(file["cases"].Size(), 9u);
  for (const auto& one : file["cases"].GetArray()) {
    SCOPED_TRACE(std::string(*json::string_at(one, "name")));
    const auto told = tell(wire, one["events"], one.HasMember("request") ? json::text(one["request"]) : "{}");
    const auto& stream = one["stream"];
    ASSERT_EQ(told.stream.size(), stream.Size());
    for (rapidjson::SizeType i = 0; i < stream.Size(); ++i) {
      const auto event = json::parse(told.stream[i]);
      ASSERT_TRUE(event) << told.stream[i];
      EXPECT_TRUE(*event == stream[i]) << told.stream[i] << "\n" << json::text(stream[i]);
      EXPECT_THAT(told.stream[i], StartsWith(R"({"type":)"));   // the gateway names its events by it
    }
    const auto body = json::parse(told.body);
    ASSERT_TRUE(body) << told.body;
    EXPECT_TRUE(*body == one["body"]) << told.body;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Answers, testing::Values("responses_replies.json", "messages_replies.json"));

/// `events` with every text and every piece of arguments cut into single bytes of ASCII.
json::Document crumbled(const json::Value& events) {
  json::Document out(rapidjson::kArrayType);
  auto& memory = out.GetAllocator();
  for (const auto& one : events.GetArray()) {
    const std::string_view kind = json::view(one.MemberBegin()->name);
    const bool plain = kind == "text" || kind == "reasoning" || kind == "refusal";
    if (!plain && kind != "args") {
      out.PushBack(json::Value(one, memory), memory);
      continue;
    }
    const json::Value& text = plain ? one.MemberBegin()->value : one.MemberBegin()->value[1];
    for (const char c : json::view(text)) {
      json::Value copy(one, memory);
      json::Value crumb(&c, 1, memory);
      (plain ? copy.MemberBegin()->value : copy.MemberBegin()->value[1]) = crumb;
      out.PushBack(copy, memory);
    }
  }
  return out;
}

TEST_P(Answers, AreTheSameHoweverTheStreamIsCut) {
  const auto file = golden(GetParam());
  const Wire wire = *wires::wire_of(*json::string_at(file, "wire"));
  for (const auto& one : file["cases"].GetArray()) {
    SCOPED_TRACE(std::string(*json::string_at(one, "name")));
    const std::string request = one.HasMember("request") ? json::text(one["request"]) : "{}";
    const auto told = tell(wire, one["events"], request), cut = tell(wire, crumbled(one["events"]), request);
    EXPECT_EQ(cut.body, told.body);
    EXPECT_EQ(cut.text, told.text);
    EXPECT_GE(cut.stream.size(), told.stream.size());
  }
}

/// The assistant's message of the chat request that the answer becomes when the caller sends it back.
json::Document sent_back(Wire wire, const std::string& body) {
  const auto answer = json::parse(body);
  std::string request;
  if (wire == Wire::responses) request = R"({"input":)" + json::text((*answer)["output"]) + "}";
  else request = R"({"max_tokens":1,"messages":[{"role":"assistant","content":)" + json::text((*answer)["content"]) + "}]}";
  const auto chat = wires::to_chat(wire, request);
  EXPECT_TRUE(std::holds_alternative<std::string>(chat)) << std::get<wires::Misfit>(chat).message;
  return *json::parse(std::get<std::string>(chat));
}

TEST(RoundTrip, AnAnswerThatIsSentBackKeepsItsTextItsCallsAndTheirIds) {
  const auto events = json::parse(R"([{"start":["1","m"]},{"reasoning":"hm"},{"text":"I look."},{"tool":[0,"call_a","f"]},{"args":[0,"{\"a\":1}"]},
                                      {"tool":[1,"functions.g:1","g"]},{"args":[1,"{}"]},{"tool_end":0},{"tool_end":1},{"stop":"tools"}])");
  for (const Wire wire : {Wire::responses, Wire::messages}) {
    const auto chat = sent_back(wire, tell(wire, *events).body);
    const auto expected = json::parse(R"([{"role":"assistant","content":"I look.","tool_calls":[
      {"id":"call_a","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"functions.g:1","type":"function","function":{"name":"g","arguments":"{}"}}]}])");
    EXPECT_TRUE(chat["messages"] == *expected) << json::text(chat);
  }
}

TEST(RoundTrip, ACallWithoutAnIdGetsOneThatLasts) {
  const auto events = json::parse(R"([{"start":["1","m"]},{"tool":[0,"","f"]},{"stop":"tools"}])");
  for (const Wire wire : {Wire::responses, Wire::messages}) {
    const auto told = tell(wire, *events);
    const auto chat = sent_back(wire, told.body);
    const std::string id(json::view(*json::at(chat, "/messages/0/tool_calls/0/id")));
    EXPECT_FALSE(id.empty());
    EXPECT_TRUE(std::any_of(told.stream.begin(), told.stream.end(), [&](const auto& event) { return event.find("\"" + id + "\"") != std::string::npos; }));
  }
}

TEST(Blocks, TextAmidACallWaitsForItsEnd) {
  const auto events = json::parse(R"([{"start":["1","m"]},{"tool":[0,"c","f"]},{"args":[0,"{\"a\""]},{"text":"hm"},{"args":[0,":1}"]},{"text":"."},{"stop":"tools"}])");
  const auto told = tell(Wire::messages, *events);
  std::vector<std::string> types;
  for (const auto& event : told.stream) types.emplace_back(*json::string_at(*json::parse(event), "type"));
  EXPECT_THAT(types, ElementsAre("message_start", "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop", "content_block_start",
                                 "content_block_delta", "content_block_delta", "content_block_stop", "message_delta", "message_stop"));
  EXPECT_EQ(told.text, "hm.");
}

}  // namespace
}  // namespace belay::runtime::test
