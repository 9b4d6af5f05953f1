#include "head_reader.hpp"

#include <gtest/gtest.h>

namespace belay::http::test {
namespace {

using Step = HeadReader::Step;

TEST(HeadReader, LowersNamesTrimsValuesKeepsOrder) {
  HeadReader reader;
  reader.begin(1000);
  EXPECT_EQ(reader.line("HTTP/1.1 200 Very OK\r\n"), Step::more);
  EXPECT_EQ(reader.line("Retry-After:   7 \t\r\n"), Step::more);
  EXPECT_EQ(reader.line("X-Empty:\r\n"), Step::more);
  EXPECT_EQ(reader.line("x-Empty: a:b\r\n"), Step::more);
  EXPECT_EQ(reader.line("\r\n"), Step::head);
  EXPECT_EQ(reader.head().status, 200);
  const std::vector<std::pair<std::string, std::string>> wanted{
      {"retry-after", "7"}, {"x-empty", ""}, {"x-empty", "a:b"}};
  EXPECT_EQ(reader.head().headers, wanted);
}

TEST(HeadReader, JoinsFoldedLines) {
  HeadReader reader;
  reader.begin(1000);
  reader.line("HTTP/1.1 200 OK\r\n");
  reader.line("X-Long: one\r\n");
  reader.line("  two\r\n");
  reader.line("\tthree\r\n");
  EXPECT_EQ(reader.line("\r\n"), Step::head);
  EXPECT_EQ(reader.head().get("x-long"), "one two three");
}

TEST(HeadReader, ForgetsInterimHeads) {
  HeadReader reader;
  reader.begin(1000);
  reader.line("HTTP/1.1 103 Early Hints\r\n");
  reader.line("Link: </a>\r\n");
  EXPECT_EQ(reader.line("\r\n"), Step::more);
  reader.line("HTTP/2 404 \r\n");
  EXPECT_EQ(reader.line("\r\n"), Step::head);
  EXPECT_EQ(reader.head().status, 404);
  EXPECT_TRUE(reader.head().headers.empty());
}

TEST(HeadReader, SurvivesLinesWithoutColon) {
  HeadReader reader;
  reader.begin(1000);
  reader.line("HTTP/1.1 200 OK\r\n");
  reader.line(" folded into nothing\r\n");
  reader.line("nonsense\r\n");
  reader.line(": no name\r\n");
  EXPECT_EQ(reader.line("\n"), Step::head);
  EXPECT_EQ(reader.head().get("nonsense"), std::nullopt);
}

TEST(HeadReader, LimitIsOneSumOverAllLines) {
  HeadReader reader;
  reader.begin(19);
  EXPECT_EQ(reader.line("HTTP/1.1 200 OK\r\n"), Step::more);
  EXPECT_EQ(reader.line("\r\n"), Step::head);
  EXPECT_EQ(reader.line("\n"), Step::too_large);
}

}  // namespace
}  // namespace belay::http::test
