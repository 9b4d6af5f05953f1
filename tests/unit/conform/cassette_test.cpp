// Cassettes as they are read, and the sentences for those that can't be.
#include "drive/cassette.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>


namespace belay::conform {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;

class CassetteFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "cassettes-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    const auto file = folder_ / name;
    std::ofstream(file) << text;
    return file.string();
  }
  std::string error_of(const std::string& text) {
    const auto read = read_cassette(write("bad.json", text));
    return read ? std::string() : read.error().message;
  }

  std::filesystem::path folder_;
};

TEST_F(CassetteFiles, AWholeOneIsRead) {
  const auto cassette = read_cassette(write("429.daily.json", R"({
    "version": 1, "about": "x", "provider": "acme",
    "config": { "base_url": "https://api.example/v1", "options": { "a": [1, 2.50, "\u00e9"] }, "model": "m" },
    "credential": { "id": "c", "type": "oauth2", "expires_unix_ms": 7, "fields": { "secret": { "value": "s1", "secret": true }, "token_url": { "value": "u" } } },
    "request": { "operation": "chat", "wire": "openai.chat/1", "stream": true, "model": "m", "required": ["tools"], "body": { "model": "m", "stream": true } },
    "sent": { "method": "POST", "url": "https://api.example/v1/x", "headers": { "authorization": "Bearer s1" }, "body": { "model": "m" } },
    "reply": { "status": 429, "headers": [["retry-after", "2"], ["retry-after", "3"]], "body": { "error": null }, "end": "truncated" },
    "expect": { "text": "t", "tools": [ { "id": "i", "name": "n", "arguments": { "a": 1 } } ], "usage": { "prompt": 3 }, "stop": "tools", "error": true,
                "reason": "rate_limited", "scope": "credential_model", "retry_after_ms": 2000, "parameter": "p", "rename": "r", "affordable_tokens": 9, "reset_unix_ms": 8 },
    "refresh": { "cause": "expired", "generation": 3, "exchanges": [ { "method": "POST", "url": "u", "reply": { "status": 200, "body": "x" } } ],
                 "sources": { "refresh_token": "rt" }, "outcome": "refreshed", "emits": { "secret": "s2" }, "expires_in_ms": 60000 } })"));
  ASSERT_TRUE(cassette) << cassette.error().message;
  EXPECT_EQ(cassette->name, "429.daily");
  EXPECT_EQ(cassette->provider, "acme");
  EXPECT_EQ(cassette->options, "{\"a\":[1,2.50,\"\u00e9\"]}");
  EXPECT_EQ(cassette->credential_type, "oauth2");
  ASSERT_EQ(cassette->fields.size(), 2u);
  EXPECT_TRUE(cassette->fields[0].secret);
  EXPECT_FALSE(cassette->fields[1].secret);
  EXPECT_TRUE(cassette->stream);
  EXPECT_EQ(cassette->body, R"({"model":"m","stream":true})");
  EXPECT_EQ(cassette->sent_headers.at(0).second, "Bearer s1");
  ASSERT_TRUE(cassette->reply);
  EXPECT_EQ(cassette->reply->headers.size(), 2u);
  EXPECT_EQ(cassette->reply->body, R"({"error":null})");
  EXPECT_TRUE(cassette->reply->truncated);
  EXPECT_EQ(cassette->expect.tools->at(0).arguments, R"({"a":1})");
  EXPECT_EQ(cassette->expect.usage.at("prompt"), 3);
  EXPECT_EQ(cassette->expect.scope, "credential_model");
  EXPECT_EQ(cassette->expect.affordable_tokens, 9);
  ASSERT_TRUE(cassette->refresh);
  EXPECT_EQ(cassette->refresh->generation, 3u);
  EXPECT_EQ(cassette->refresh->exchanges.at(0).reply.body, "x");
  EXPECT_EQ(cassette->refresh->expires_in_ms, 60000);
}

TEST_F(CassetteFiles, WhatIsLeftOutHasADefault) {
  const auto cassette = read_cassette(write("ok.json", R"({"version":1})"));
  ASSERT_TRUE(cassette);
  EXPECT_EQ(cassette->operation, "chat");
  EXPECT_EQ(cassette->options, "{}");
  ASSERT_EQ(cassette->fields.size(), 1u);
  EXPECT_EQ(cassette->fields[0].name, "secret");
  EXPECT_FALSE(cassette->reply);
  EXPECT_FALSE(cassette->keyless);
}

TEST_F(CassetteFiles, NoCredentialIsKeyless) {
  const auto cassette = read_cassette(write("ok.json", R"({"version":1,"credential":null})"));
  ASSERT_TRUE(cassette);
  EXPECT_TRUE(cassette->keyless);
  EXPECT_TRUE(cassette->fields.empty());
}

TEST_F(CassetteFiles, BytesComeAsBase64) {
  const auto cassette = read_cassette(write("ok.json", R"({"version":1,"reply":{"status":200,"body_base64":"AP8="}})"));
  ASSERT_TRUE(cassette);
  EXPECT_EQ(cassette->reply->body, std::string("\0\xFF", 2));
}

TEST_F(CassetteFiles, AnUnknownKeyIsNamedWithItsLineAndTheRightOnes) {
  EXPECT_THAT(error_of("{\n  \"version\": 1,\n  \"reply\": {\n    \"status\": 200,\n    \"boby\": \"x\"\n  }\n}"),
              AllOf(HasSubstr("bad.json:5: reply.boby: "), HasSubstr("status, headers, body, body_base64, end")));
}

TEST_F(CassetteFiles, AWrongTypeSaysWhatItIsAndWhatWouldBeRight) {
  EXPECT_THAT(error_of("{\n\"version\": 1,\n\"request\": {\"stream\": \"yes\"}}"), EndsWith(":3: request.stream: is a string; right would be true or false"));
  EXPECT_THAT(error_of("{\"version\": 1, \"reply\": {\"status\": 2.5}}"), HasSubstr("reply.status: is 2.5; right would be a whole number"));
  EXPECT_THAT(error_of("{\"version\": 1, \"reply\": {\"headers\": [[\"a\"]]}}"), HasSubstr("reply.headers[0]: has 1 elements; right would be a name and a value"));
  EXPECT_THAT(error_of("{\"version\": 1, \"reply\": {\"status\": 20}}"), HasSubstr("right would be an HTTP status"));
}

TEST_F(CassetteFiles, AnUnknownWordNamesTheKnownOnes) {
  EXPECT_THAT(error_of(R"({"version":1,"expect":{"stop":"done"}})"), HasSubstr("expect.stop: is \"done\"; right would be end, length, tools, filter or other"));
  EXPECT_THAT(error_of(R"({"version":1,"expect":{"reason":"rate_limit"}})"), HasSubstr("rate_limited"));
  EXPECT_THAT(error_of(R"({"version":1,"reply":{"end":"cut"}})"), HasSubstr("right would be complete or truncated"));
  EXPECT_THAT(error_of(R"({"version":1,"expect":{"usage":{"tokens":1}}})"), HasSubstr("expect.usage.tokens"));
}

TEST_F(CassetteFiles, AnotherVersionOrNoneIsRefused) {
  EXPECT_THAT(error_of("{}"), HasSubstr("version: is missing; right would be 1"));
  EXPECT_THAT(error_of("{\"version\": 2}"), HasSubstr("version: is 2; this tool reads 1"));
}

TEST_F(CassetteFiles, ARefreshWithoutAnOutcomeIsRefused) {
  EXPECT_THAT(error_of(R"({"version":1,"refresh":{"cause":"rejected"}})"), HasSubstr("refresh.outcome: is missing"));
}

TEST_F(CassetteFiles, WhatIsNoJsonSaysWhere) {
  EXPECT_THAT(error_of("{\n  \"version\": 1,\n  nonsense }"), AllOf(HasSubstr("bad.json: "), HasSubstr("line 3")));
  EXPECT_THAT(error_of(R"({"version":1,"version":1})"), HasSubstr("version"));
}

TEST_F(CassetteFiles, AFolderIsReadInOrderOfNamesAndItsFirstBadFileIsTheError) {
  write("ok.json", R"({"version":1})");
  write("429.json", R"({"version":1})");
  write("notes.txt", "no cassette");
  const auto all = read_cassettes(folder_.string());
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].name, "429");
  EXPECT_EQ((*all)[1].name, "ok");
  write("500.json", "[]");
  const auto bad = read_cassettes(folder_.string());
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message, HasSubstr("500.json:1: the cassette: is an array; right would be an object"));
}

TEST_F(CassetteFiles, AMissingFileOrFolderIsSaidSo) {
  EXPECT_FALSE(read_cassette((folder_ / "none.json").string()));
  EXPECT_THAT(read_cassettes((folder_ / "none").string()).error().message, HasSubstr("none: "));
}

}  // namespace
}  // namespace belay::conform
