// Server-sent events: the standard's examples, its corners, and the same events whatever pieces the stream comes in.
#include "http/sse.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace belay::http::test {
namespace {

struct Event {
  std::string event, data, id;
  friend bool operator==(const Event&, const Event&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Event& e) {
    return out << '[' << e.event << '|' << e.data << '|' << e.id << ']';
  }
};
using Events = std::vector<Event>;

/// The events of `stream`, fed in pieces that end at `cuts`.
Events read(std::string_view stream, const std::vector<std::size_t>& cuts = {}, std::size_t limit = 1u << 20) {
  Events events;
  SseParser parser(limit);
  const auto sink = [&](const SseEvent& e) {
    events.push_back({std::string(e.event), std::string(e.data), std::string(e.id)});
  };
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    // A copy of its own for each piece: views into an earlier one are caught by the address sanitizer.
    EXPECT_TRUE(parser.feed(std::string(stream.substr(at, cut - at)), sink).ok());
    at = cut;
  }
  EXPECT_TRUE(parser.feed(std::string(stream.substr(at)), sink).ok());
  EXPECT_TRUE(parser.finish(sink).ok());
  return events;
}

struct Example {
  const char* about;
  std::string stream;
  Events events;
};

const std::vector<Example> examples = {
    {"data of several lines is joined by LF", "data: a\ndata\ndata:  b\n\n", {{"", "a\n\n b", ""}}},
    {"CRLF ends lines", "event: e\r\ndata: a\r\n\r\ndata: b\r\n\r\n", {{"e", "a", ""}, {"", "b", ""}}},
    {"CR ends lines", "event: e\rdata: a\r\rdata: b\r\r", {{"e", "a", ""}, {"", "b", ""}}},
    {"line ends may be mixed", "data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r\n", {{"", "a\nb\nc", ""}, {"", "d", ""}}},
    {"CR and LF around a blank line", "data: a\r\n\ndata: b\n\r", {{"", "a", ""}, {"", "b", ""}}},
    {"a BOM is skipped at the start only",
     "\xEF\xBB\xBF"
     "data: a\n\n\xEF\xBB\xBF"
     "data: b\n\ndata: c\n\n",
     {{"", "a", ""}, {"", "c", ""}}},
    {"half a BOM is part of a field name",
     "\xEF\xBB"
     "data: a\n\ndata: b\n\n",
     {{"", "b", ""}}},
    {"comments are skipped", ": keep-alive\n\n:\ndata: a\n: more\ndata: b\n\n", {{"", "a\nb", ""}}},
    {"one space after the colon is left out",
     "data:a\n\ndata: a\n\ndata:  a\n\n",
     {{"", "a", ""}, {"", "a", ""}, {"", " a", ""}}},
    {"unknown fields and retry are skipped", "retry: 10\nfoo: bar\nDATA: x\ndata : y\ndata: a\n\n", {{"", "a", ""}}},
    {"without data nothing is dispatched and the name is forgotten", "event: e\n\ndata: a\n\n", {{"", "a", ""}}},
    {"empty data counts", "data\n\ndata:\n\n", {{"", "", ""}, {"", "", ""}}},
    {"the last name counts", "event: a\nevent: b\ndata: x\n\n", {{"b", "x", ""}}},
    {"an id stays until the next one",
     "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
     {{"", "a", "1"}, {"", "b", "1"}, {"", "c", ""}}},
    {"an id with NUL is ignored", std::string("id: 1\nid: 2\0\ndata: a\n\n", 20), {{"", "a", "1"}}},
    {"an event without its blank line is dispatched at the end",
     "data: a\n\ndata: b\n",
     {{"", "a", ""}, {"", "b", ""}}},
    {"so is one without its line end", "data: a\n\nevent: e\ndata: [DONE]", {{"", "a", ""}, {"e", "[DONE]", ""}}},
    {"an empty stream has no events", "", {}},
    {"nor has one of line ends", "\n\r\n\r\n\n\r\r", {}},
    {"colons in data stay", "data: {\"a\": \"b:c\"}\n\n", {{"", "{\"a\": \"b:c\"}", ""}}},
};

TEST(Sse, ExamplesWhole) {
  for (const Example& example : examples) EXPECT_EQ(read(example.stream), example.events) << example.about;
}

TEST(Sse, ExamplesByteByByte) {
  for (const Example& example : examples) {
    std::vector<std::size_t> cuts;
    for (std::size_t i = 1; i < example.stream.size(); ++i) cuts.push_back(i);
    EXPECT_EQ(read(example.stream, cuts), example.events) << example.about;
  }
}

TEST(Sse, ExamplesCutAtEveryTwoPlaces) {
  for (const Example& example : examples)
    for (std::size_t i = 0; i <= example.stream.size(); ++i)
      for (std::size_t j = i; j <= example.stream.size(); ++j)
        ASSERT_EQ(read(example.stream, {i, j}), example.events) << example.about << ", cut at " << i << " and " << j;
}

TEST(Sse, LongStreamCutAtRandom) {
  std::mt19937 random(20261124);
  std::string stream;
  Events wanted;
  const char* const ends[] = {"\n", "\r\n", "\r"};
  for (int i = 0; i < 300; ++i) {
    const char* end = ends[random() % 3];
    const std::string data(random() % 3'000, static_cast<char>('a' + i % 26));
    if (i % 5 == 0) stream.append(": comment").append(end);
    stream.append("data: ").append(data).append(end).append(end);
    wanted.push_back({"", data, ""});
    // A CR followed by the next event's first line is fine; a blank line of CR and then LF would be one line end.
  }
  for (int round = 0; round < 50; ++round) {
    std::vector<std::size_t> cuts;
    for (std::size_t at = random() % 1'000; at < stream.size(); at += 1 + random() % 5'000) cuts.push_back(at);
    ASSERT_EQ(read(stream, cuts), wanted);
  }
}

/// True when an event of `text` (its lines, without the blank one) passes a parser with `limit`, whole and byte by byte
/// alike.
bool passes(const std::string& text, std::size_t limit) {
  const std::string stream = text + "\n";
  const auto run = [&](std::size_t piece) {
    SseParser parser(limit);
    int events = 0;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      const auto fed = parser.feed(std::string_view(stream).substr(at, piece), [&](const SseEvent&) { ++events; });
      if (!fed) {
        EXPECT_FALSE(parser.feed("data: x\n\n", [&](const SseEvent&) { ++events; }).ok()) << "an error is final";
        EXPECT_FALSE(parser.finish([&](const SseEvent&) { ++events; }).ok());
        EXPECT_EQ(events, 0);
        return false;
      }
    }
    EXPECT_EQ(events, 1);
    return true;
  };
  const bool whole = run(stream.size());
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}})
    EXPECT_EQ(run(piece), whole) << piece;
  return whole;
}

TEST(Sse, LimitHoldsToTheByte) {
  for (const std::string& text : {std::string("data: hello\n"), std::string("event: e\ndata: hello\ndata: world\n"),
                                  std::string(": comment\nid: 7\ndata: x\r\n")}) {
    EXPECT_TRUE(passes(text, text.size())) << text;
    EXPECT_FALSE(passes(text, text.size() - 1)) << text;
  }
}

TEST(Sse, LimitIsForOneEventNotForTheStream) {
  std::string stream;
  for (int i = 0; i < 1'000; ++i) stream += "data: hello\n\n";
  EXPECT_EQ(read(stream, {}, 12).size(), 1'000u);
}

TEST(Sse, EndlessLineIsStoppedAtTheLimit) {
  SseParser parser(1'000);
  std::size_t fed = 0;
  const std::string piece(100, 'x');
  while (parser.feed(piece, [](const SseEvent&) {}).ok()) {
    fed += piece.size();
    ASSERT_LE(fed, 1'000u);
  }
  EXPECT_EQ(fed, 1'000u);
}

TEST(Sse, ErrorNamesTheLimit) {
  SseParser parser(5);
  const auto fed = parser.feed("data: hello\n", [](const SseEvent&) {});
  ASSERT_FALSE(fed.ok());
  EXPECT_EQ(fed.error().message, "a server-sent event is larger than 5 bytes");
}

TEST(Sse, EventThatLiesInOnePieceIsNotCopied) {
  const std::string piece = "event: e\ndata: hello\n\n";
  SseParser parser;
  int events = 0;
  ASSERT_TRUE(parser
                  .feed(piece,
                        [&](const SseEvent& e) {
                          ++events;
                          EXPECT_EQ(e.data.data(), piece.data() + 15);
                          EXPECT_EQ(e.event.data(), piece.data() + 7);
                        })
                  .ok());
  EXPECT_EQ(events, 1);
}

}  // namespace
}  // namespace belay::http::test
