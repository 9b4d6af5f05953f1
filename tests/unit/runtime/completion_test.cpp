#include "completion.hpp"

#include <gtest/gtest.h>

namespace belay::runtime {
namespace {

TEST(Completion, UsageIsReadWithItsDetails) {
  const auto document = json::parse(R"({"prompt_tokens":10,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":3}})");
  const auto usage = usage_of(*document);
  EXPECT_EQ(usage.prompt, 10);
  EXPECT_EQ(usage.completion, 4);
  EXPECT_EQ(usage.cached, 6);
  EXPECT_EQ(usage.reasoning, 3);
  EXPECT_EQ(usage.audio, -1);
}

TEST(Completion, StopWordsAreOpenAIs) {
  EXPECT_EQ(finish_word(BELAY_STOPPED_END), "stop");
  EXPECT_EQ(finish_word(BELAY_STOPPED_LENGTH), "length");
  EXPECT_EQ(finish_word(BELAY_STOPPED_TOOLS), "tool_calls");
  EXPECT_EQ(finish_word(BELAY_STOPPED_FILTER), "content_filter");
  EXPECT_EQ(finish_word(BELAY_STOPPED_OTHER), "stop");
  EXPECT_EQ(finish_word(99), "stop");
}

TEST(Completion, TextIsEscapedInChunksAndBody) {
  Completion completion;
  const std::string text = "a \"quoted\"\nline \\ \xc3\xa9";
  belay_event event{};
  event.size = sizeof event;
  event.type = BELAY_EVENT_TEXT;
  event.a = {text.data(), text.size()};

  const auto chunk = json::parse(completion.chunk_of(event));
  const auto body = json::parse(completion.body());

  ASSERT_TRUE(chunk && body);
  EXPECT_EQ(json::view(*json::at(*chunk, "/choices/0/delta/content")), text);
  EXPECT_EQ(json::view(*json::at(*body, "/choices/0/message/content")), text);
}

TEST(Completion, ParallelToolsWithoutAnIndexKeepTheirOrder) {
  Completion completion;
  const auto chunk = json::parse(R"({"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"1"}},{"id":"b","function":{"name":"g","arguments":"2"}}]}}]})");
  completion.add_chunk(*chunk);
  ASSERT_EQ(completion.tools.size(), 2u);
  EXPECT_EQ(completion.tools[1].name, "g");
}

}  // namespace
}  // namespace belay::runtime
