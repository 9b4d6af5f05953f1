#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "asking.hpp"

namespace belay::extractive_test {

namespace {

std::size_t words_in(const std::string& text) {
  std::istringstream in(text);
  std::size_t out = 0;
  for (std::string word; in >> word;) ++out;
  return out;
}

}  // namespace

class AsksForATitle : public testing::TestWithParam<const char*> {};

TEST_P(AsksForATitle, GetsAtMostEightWordsOfTheMatter) {
  const Reply reply = ask(body_of({{"user",
                                    "Hi! Can you please help me to migrate the billing database to Postgres 16 without "
                                    "downtime? We have two hours at most."},
                                   {"assistant", "Yes. Logical replication is the way to migrate without downtime."},
                                   {"user", GetParam()}},
                                  R"("max_tokens":32)"));
  ASSERT_EQ(reply.error, "");
  EXPECT_GE(words_in(reply.text), 2u);
  EXPECT_LE(words_in(reply.text), 8u);
  EXPECT_THAT(reply.text, testing::HasSubstr("billing database"));
  EXPECT_THAT(reply.text, testing::Not(testing::HasSubstr("\n")));
  EXPECT_EQ(reply.model, "extractive-1");
}

INSTANTIATE_TEST_SUITE_P(
    Title, AsksForATitle,
    testing::Values("Generate a short title for this conversation.",
                    "Create a concise, 3-6 word title for the chat above. Reply with the title only.",
                    "Erstelle einen kurzen Titel für diese Unterhaltung.",
                    "Genera un título corto para esta conversación.", "Donne un titre court à cette conversation."));

TEST(Title, TranscriptInOneMessage) {
  const Reply reply = ask(body_of({{"system", "Generate a title of at most 8 words for the conversation."},
                                   {"user",
                                    "User: The nightly backup of the wiki fails with exit code 23, what "
                                    "now?\nAssistant: Code 23 is rsync's partial transfer."}}));
  EXPECT_THAT(reply.text, testing::HasSubstr("ightly backup"));
  EXPECT_LE(words_in(reply.text), 8u);
}

TEST(Title, OfNothingButCourtesiesIsSomething) {
  const Reply reply = ask(body_of({{"user", "hi"}, {"assistant", "Hello!"}}), R"({"task": "title"})");
  EXPECT_FALSE(reply.text.empty());
}

}  // namespace belay::extractive_test
