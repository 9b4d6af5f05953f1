// The caller's body is edited by span only: what is not edited goes out byte for byte.
#include "request_body.hpp"

#include <gtest/gtest.h>

namespace belay::runtime {
namespace {

using fallback::Adjusted;

std::string prepared(std::string body, std::string_view model, bool stream, const std::vector<Adjusted>& adjusted = {},
                     const std::vector<std::pair<std::string, std::string>>& params = {}) {
  auto parsed = RequestBody::parse(std::move(body));
  EXPECT_TRUE(parsed) << parsed.error().message;
  EXPECT_TRUE((*parsed)->add_defaults(params));
  PreparedBody out = (*parsed)->prepare(model, stream, adjusted);
  const auto index = json::index_object(out.text);
  EXPECT_TRUE(index);
  EXPECT_EQ(index->size(), out.members.size());
  for (std::size_t i = 0; i < out.members.size(); ++i) EXPECT_EQ((*index)[i].value.data(), out.members[i].value.data()) << "the index is that of the text";
  return out.text;
}

TEST(RequestBody, ModelAndStreamAreSetAndTheRestKeepsItsBytes) {
  EXPECT_EQ(prepared(R"( { "messages" : [ {"a" : 1.50} ] , "model":"r", "stream":true,"x":  "\u00e9" } )", "m/1", false),
            R"({"messages":[ {"a" : 1.50} ],"model":"m/1","x":"\u00e9"})");
  EXPECT_EQ(prepared(R"({"messages":[]})", "m", true), R"({"model":"m","messages":[],"stream":true})");
}

TEST(RequestBody, StreamOptionsGoWithTheStream) {
  EXPECT_EQ(prepared(R"({"stream_options":{"include_usage":true},"messages":[]})", "m", false), R"({"model":"m","messages":[]})");
  EXPECT_EQ(prepared(R"({"stream_options":{"include_usage":true}})", "", true), R"({"stream_options":{"include_usage":true},"stream":true})");
}

TEST(RequestBody, RouteParamsAreDefaultsAndTheCallersValueWins) {
  EXPECT_EQ(prepared(R"({"temperature":1})", "", false, {}, {{"temperature", "0.2"}, {"top_p", "0.9"}}), R"({"temperature":1,"top_p":0.9})");
  EXPECT_EQ(prepared("{}", "", false, {}, {{"top_p", "0.9"}}), R"({"top_p":0.9})");
}

TEST(RequestBody, AdjustmentsAreAppliedInOrder) {
  const std::string body = R"({"max_tokens":50,"temperature":1})";
  EXPECT_EQ(prepared(body, "", false, {{"temperature", "null"}}), R"({"max_tokens":50})");
  EXPECT_EQ(prepared(body, "", false, {{"max_tokens", "\"max_completion_tokens\""}}), R"({"max_completion_tokens":50,"temperature":1})");
  EXPECT_EQ(prepared(body, "", false, {{"max_tokens", "\"max_completion_tokens\""}, {"max_completion_tokens", "7"}}), R"({"max_completion_tokens":7,"temperature":1})");
  EXPECT_EQ(prepared(R"({"a":1,"b":2})", "", false, {{"a", "\"b\""}}), R"({"b":1})");
  EXPECT_EQ(prepared("{}", "", false, {{"max_tokens", "512"}}), R"({"max_tokens":512})");
  EXPECT_EQ(prepared("{}", "", false, {{"seed", "null"}}), "{}");
}

TEST(RequestBody, WhatCannotBeUsedIsRefusedWithAPlace) {
  for (const char* body : {"", "[]", "{\"a\":1,\"a\":2}", "{\"a\":}", "nonsense", "{\"a\":\"\xff\"}"}) {
    auto parsed = RequestBody::parse(body);
    ASSERT_FALSE(parsed) << body;
    EXPECT_NE(parsed.error().message.find("the request is not usable: "), std::string::npos);
  }
  EXPECT_NE(RequestBody::parse("{\n  \"a\": x}").error().message.find("line 2"), std::string::npos);
}

TEST(RequestBody, TheBodysOwnModelIsDecoded) {
  EXPECT_EQ((*RequestBody::parse(R"({"model":"p\/m"})"))->model(), "p/m");
  EXPECT_EQ((*RequestBody::parse(R"({"model":7})"))->model(), "");
  EXPECT_TRUE((*RequestBody::parse(R"({"stream":true})"))->stream());
  EXPECT_FALSE((*RequestBody::parse(R"({"stream":"true"})"))->stream());
}

}  // namespace
}  // namespace belay::runtime
