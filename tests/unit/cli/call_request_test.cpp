#include "call_request.hpp"

#include <gtest/gtest.h>

namespace belay::cli {
namespace {

using Text = std::optional<std::string>;

struct Row {
  const char* about;
  Text text, input;
  std::string body;   ///< expected, or
  std::string error;  ///< a part of the expected sentence
};

const std::vector<Row>& table() {
  static const std::vector<Row> rows = {
      {"TEXT alone", "hi", {}, R"({"messages":[{"role":"user","content":"hi"}]})", ""},
      {"text on stdin, its last line break cut", {}, "hi\nyou\n", R"({"messages":[{"role":"user","content":"hi\nyou"}]})", ""},
      {"both: TEXT has the last word", "shorter", "long\n", R"({"messages":[{"role":"user","content":"long\n\nshorter"}]})", ""},
      {"an empty pipe is no input", "hi", "", R"({"messages":[{"role":"user","content":"hi"}]})", ""},
      {"white space is no input", "hi", " \n\n", R"({"messages":[{"role":"user","content":"hi"}]})", ""},
      {"quotes and controls are escaped", "a\"b\x01", {}, R"({"messages":[{"role":"user","content":"a\"b\u0001"}]})", ""},
      {"a request goes on word for word", {}, "{ \"messages\" : [ {\"role\":\"user\",\"content\":\"é\"} ] , \"n\":1e2 }", "{ \"messages\" : [ {\"role\":\"user\",\"content\":\"é\"} ] , \"n\":1e2 }", ""},
      {"a byte order mark is not part of it", {}, "\xef\xbb\xbf{\"messages\":[{}]}", R"({"messages":[{}]})", ""},
      {"TEXT continues a request's conversation", "and?", R"({"messages":[{"role":"user","content":"a"} ],"n":1})",
       R"({"messages":[{"role":"user","content":"a"} ,{"role":"user","content":"and?"}],"n":1})", ""},
      {"TEXT begins an empty conversation", "hi", R"({"messages":[ ],"n":1})", R"({"messages":[ {"role":"user","content":"hi"}],"n":1})", ""},
      {"JSON without messages is a message", {}, R"({"a":1})", R"({"messages":[{"role":"user","content":"{\"a\":1}"}]})", ""},
      {"a JSON list is a message", {}, R"([{"messages":1}])", R"({"messages":[{"role":"user","content":"[{\"messages\":1}]"}]})", ""},
      {"text that begins with a brace is a message", {}, "{ int x; }", R"({"messages":[{"role":"user","content":"{ int x; }"}]})", ""},
      {"the word alone does not make a request", {}, "{ say \"messages\", please", R"({"messages":[{"role":"user","content":"{ say \"messages\", please"}]})", ""},
      {"nothing at all", {}, {}, "", "nothing to send"},
      {"nothing but an empty text", " ", {}, "", "nothing to send"},
      {"nothing but an empty pipe", {}, "\n", "", "nothing to send"},
      {"broken JSON that was meant as a request", {}, "{\"messages\":\n [{]}", "", "standard input looks like a request but is not JSON: line 2, column 4"},
      {"messages of another type", {}, "{\n  \"messages\": \"hi\"}", "", "standard input: line 2, column 15: messages: should be a list of messages"},
      {"messages that are no objects", {}, R"({"messages":["hi"]})", "", "should be a list of objects"},
      {"no messages in the list", {}, R"({"messages":[]})", "", "is empty, there is nothing to answer"},
      {"a model of another type", {}, R"({"messages":[{}],"model":5})", "", "line 1, column 26: model: should be a text"},
      {"stdin that is not UTF-8", {}, "a\xff", "", "standard input is not UTF-8"},
      {"a request that is not UTF-8", {}, "{\"messages\":[{\"content\":\"\xff\"}]}", "", "standard input is not UTF-8"},
      {"TEXT that is not UTF-8", "\xff", {}, "", "TEXT is not UTF-8"},
  };
  return rows;
}

TEST(CallRequest, IsBuiltFromTextAndStandardInput) {
  for (const Row& row : table()) {
    SCOPED_TRACE(row.about);
    const auto request = build_request(row.text, row.input, Stream::as_asked);
    if (row.error.empty()) {
      ASSERT_TRUE(request) << request.error().message;
      EXPECT_EQ(request->body, row.body);
    } else {
      ASSERT_FALSE(request) << request->body;
      EXPECT_NE(request.error().message.find(row.error), std::string::npos) << request.error().message;
    }
  }
}

TEST(CallRequest, KnowsTheRequestsOwnModelAndStream) {
  const auto request = build_request({}, R"({"model":"r\u0031","messages":[{}],"stream":true})", Stream::as_asked);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->model, "r1");
  EXPECT_TRUE(request->stream);

  const auto plain = build_request({}, R"({"model":null,"messages":[{}],"stream":false})", Stream::as_asked);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->model, std::nullopt);
  EXPECT_FALSE(plain->stream);
}

// `--json` prints one object, whatever a recorded request says.
TEST(CallRequest, CanBeToldNotToStream) {
  const std::string body = R"({"stream":true,"messages":[{}],"n":1})";
  const auto asked = build_request({}, body, Stream::as_asked), never = build_request("and?", body, Stream::never);
  ASSERT_TRUE(asked && never);
  EXPECT_EQ(asked->body, body);
  EXPECT_TRUE(asked->stream);
  EXPECT_EQ(never->body, R"({"stream":false,"messages":[{},{"role":"user","content":"and?"}],"n":1})");
  EXPECT_FALSE(never->stream);
}

}  // namespace
}  // namespace belay::cli
