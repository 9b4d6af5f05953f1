// The event stream parser of the SDK: whatever a server writes, at whatever byte it is cut.
#include "belay/sse.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace {

using belay::sse::Event;
using belay::sse::Parser;
using belay::sse::Step;

using Seen = std::vector<std::pair<std::string, std::string>>;  // name, data

/// Feeds `stream` in pieces that end at `cuts`, each a copy that is gone afterwards.
Seen parsed(const std::string& stream, const std::vector<std::size_t>& cuts = {}) {
  Seen seen;
  Parser parser;
  const auto note = [&seen](const Event& event) {
    seen.emplace_back(event.name, event.data);
    return true;
  };
  std::size_t at = 0;
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    const std::size_t end = i < cuts.size() ? cuts[i] : stream.size();
    std::string piece = stream.substr(at, end - at);
    EXPECT_EQ(parser.feed(piece, note), Step::ok);
    piece.assign(piece.size(), '#');
    at = end;
  }
  EXPECT_EQ(parser.finish(note), Step::ok);
  return seen;
}

std::vector<std::size_t> every_byte(const std::string& stream) {
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < stream.size(); ++i) cuts.push_back(i);
  return cuts;
}

struct Story {
  const char* name;
  std::string stream;
  Seen events;
};

const std::vector<Story>& stories() {
  static const std::vector<Story> all = {
      {"line feeds", "data: a\n\ndata: b\n\n", {{"", "a"}, {"", "b"}}},
      {"carriage return and line feed", "data: a\r\n\r\nevent: x\r\ndata: b\r\n\r\n", {{"", "a"}, {"x", "b"}}},
      {"carriage returns alone", "data: a\r\rdata: b\r\r", {{"", "a"}, {"", "b"}}},
      {"line ends of every kind in one stream",
       "data: a\r\n\ndata: b\n\rdata: c\r\r\n",
       {{"", "a"}, {"", "b"}, {"", "c"}}},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "data: a\n\n",
       {{"", "a"}}},
      {"half a byte order mark is text",
       "\xEF\xBB"
       "data: a\ndata: b\n\n",
       {{"", "b"}}},
      {"a mark in the middle is text",
       "data: \xEF\xBB\xBF"
       "a\n\n",
       {{"",
         "\xEF\xBB\xBF"
         "a"}}},
      {"comments", ": OPENROUTER PROCESSING\n\n: x\ndata: a\n:\n\n", {{"", "a"}}},
      {"several data lines", "data: a\ndata:\ndata: b\n\n", {{"", "a\n\nb"}}},
      {"no space, two spaces, no colon", "data:a\n\ndata:  b\n\ndata\n\n", {{"", "a"}, {"", " b"}, {"", ""}}},
      {"unknown fields", "id: 1\nretry: 5\nfoo\ndata: a\n\n", {{"", "a"}}},
      {"a name without data is no event", "event: ping\n\ndata: a\n\n", {{"", "a"}}},
      {"a name is of one event", "event: x\ndata: a\n\ndata: b\n\n", {{"x", "a"}, {"", "b"}}},
      {"no blank line at the end", "data: a\n\ndata: b\n", {{"", "a"}, {"", "b"}}},
      {"no line end at the end", "data: a\n\ndata: b", {{"", "a"}, {"", "b"}}},
      {"characters of several bytes", "data: \xC3\xA4\xF0\x9F\x98\x80\r\n\r\n", {{"", "\xC3\xA4\xF0\x9F\x98\x80"}}},
      {"a colon in the value", "data: {\"a\":1}\n\n", {{"", "{\"a\":1}"}}},
      {"nothing", "", {}},
      {"blank lines only", "\n\r\n\r\n\n", {}},
  };
  return all;
}

TEST(Sse, EventsAreThoseOfTheStandard) {
  for (const auto& story : stories()) EXPECT_EQ(parsed(story.stream), story.events) << story.name;
}

TEST(Sse, AnyTwoCutsGiveTheSameEvents) {
  for (const auto& story : stories()) {
    EXPECT_EQ(parsed(story.stream, every_byte(story.stream)), story.events) << story.name << ", byte by byte";
    for (std::size_t one = 0; one <= story.stream.size(); ++one) {
      for (std::size_t two = one; two <= story.stream.size(); ++two) {
        EXPECT_EQ(parsed(story.stream, {one, two}), story.events) << story.name << ", cut at " << one << " and " << two;
      }
    }
  }
}

TEST(Sse, NothingComesAfterACallbackSaidStop) {
  Parser parser;
  int calls = 0;
  const auto stop = [&calls](const Event&) { return ++calls < 1; };

  EXPECT_EQ(parser.feed("data: a\n\ndata: b\n\n", stop), Step::stopped);
  EXPECT_EQ(parser.feed("data: c\n\n", stop), Step::stopped);
  EXPECT_EQ(parser.finish(stop), Step::stopped);
  EXPECT_EQ(calls, 1);
}

TEST(Sse, TheLimitIsExactForOneLineAndForMany) {
  const auto fits = [](const std::string& stream, std::size_t limit, std::size_t piece) {
    Parser parser(limit);
    int events = 0;
    const auto count = [&events](const Event&) { return ++events > 0; };
    Step step = Step::ok;
    for (std::size_t at = 0; at < stream.size() && step == Step::ok; at += piece)
      step = parser.feed(std::string_view(stream).substr(at, piece), count);
    if (step == Step::ok) step = parser.finish(count);
    return step == Step::ok && events == 1;
  };
  const std::string line = "data: " + std::string(1000, 'x') + "\n\n",
                    lines = "data: " + std::string(500, 'x') + "\ndata: " + std::string(499, 'x') + "\n\n";

  EXPECT_TRUE(fits(line, 1006, 1));
  EXPECT_FALSE(fits(line, 1005, 1));
  EXPECT_TRUE(fits(lines, 1005, 1));
  EXPECT_FALSE(fits(lines, 999, 1));
  EXPECT_FALSE(fits(lines, 999, lines.size()));
}

TEST(Sse, AnEndlessLineIsRefusedAndStaysRefused) {
  Parser parser(1u << 20);
  const std::string piece(16u << 10, 'x');
  const auto none = [](const Event&) { return true; };
  int pieces = 0;
  while (parser.feed(piece, none) == Step::ok) ++pieces;

  EXPECT_EQ(pieces, 64);
  EXPECT_EQ(parser.feed("\n\ndata: a\n\n", none), Step::too_large);
}

}  // namespace
