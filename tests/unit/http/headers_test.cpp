#include "headers.hpp"

#include <gtest/gtest.h>

namespace belay::http::test {
namespace {

std::vector<std::string> lines_of(HeaderLines& lines) {
  std::vector<std::string> out;
  for (const curl_slist* node = lines.list(); node; node = node->next) out.emplace_back(node->data);
  return out;
}

Request with(std::vector<Header> headers) {
  Request request;
  request.headers = std::move(headers);
  return request;
}

TEST(HeaderLines, AreAsLibcurlWantsThem) {
  const auto built = HeaderLines::build(
      with({{"Content-Type", "application/json"}, {"X-Empty", ""}, {"X-Blank", " \t"}, {"X-Trim", " a b "}}));
  ASSERT_TRUE(built.ok());
  const std::vector<std::string> wanted{"Content-Type: application/json", "X-Empty;", "X-Blank;", "X-Trim: a b",
                                        "Accept-Encoding:"};
  EXPECT_EQ(lines_of(**built), wanted);
}

TEST(HeaderLines, TakeBackWhatLibcurlWouldAdd) {
  Request request = with({{"accept-encoding", "br"}});
  request.body = std::make_shared<const std::string>(2u << 20, 'x');
  const auto built = HeaderLines::build(request);
  ASSERT_TRUE(built.ok());
  const std::vector<std::string> wanted{"accept-encoding: br", "Content-Type:", "Expect:"};
  EXPECT_EQ(lines_of(**built), wanted);
}

TEST(HeaderLines, ServeTheSameSetAndNoOther) {
  const Request request = with({{"A", "one"}, {"B", "two"}, {"Connection", "close"}});
  const auto lines = *HeaderLines::build(request);
  EXPECT_TRUE(lines->serves(request));
  EXPECT_TRUE(lines->serves(with({{"A", " one"}, {"B", "two"}})));
  EXPECT_FALSE(lines->serves(with({{"A", "one"}})));
  EXPECT_FALSE(lines->serves(with({{"A", "one"}, {"B", "two"}, {"C", ""}})));
  EXPECT_FALSE(lines->serves(with({{"A", "one"}, {"B", "twO"}})));
  EXPECT_FALSE(lines->serves(with({{"A", "on"}, {"B", "etwo"}})));
  EXPECT_FALSE(lines->serves(with({{"a", "one"}, {"B", "two"}})));
  EXPECT_FALSE(lines->serves(with({{"B", "two"}, {"A", "one"}})));
  EXPECT_FALSE(lines->serves(with({{"A", "one"}, {"Accept-Encoding", "br"}})));
}

TEST(HeaderLines, ColonsInNamesCannotForgeAMatch) {
  const auto lines = *HeaderLines::build(with({{"A", "b: c"}}));
  EXPECT_FALSE(lines->serves(with({{"A: b", "c"}})));
}

TEST(HeaderLines, ManyLongOnesStayWhole) {
  std::vector<Header> headers;
  for (int i = 0; i < 200; ++i)
    headers.push_back({"X-" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'v')});
  const auto lines = *HeaderLines::build(with(headers));
  const auto out = lines_of(*lines);
  ASSERT_EQ(out.size(), 202u);
  EXPECT_EQ(out[199], "X-199: " + std::string(199, 'v'));
}

}  // namespace
}  // namespace belay::http::test
