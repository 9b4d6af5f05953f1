// What is taken for a reply, however it is cut into pieces, and what is not.
#include "direct/reply_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace belay::http::test {
namespace {

using Step = ReplyParser::Step;

/// What came of the bytes of one connection up to the end of a reply.
struct Outcome {
  std::optional<Step> head, body;  ///< nullopt: not that far
  int status = 0;
  std::string content;
  std::size_t left = 0;  ///< bytes behind the reply
  bool keeps_alive = false;
  std::string why;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Feeds `text` in pieces of `step` as a connection does: what is not used comes again in front of what follows.
Outcome read(std::string_view text, std::size_t step, ReplyParser::Body body = ReplyParser::Body::as_told,
             std::size_t limit = 4096, Head* seen = nullptr) {
  ReplyParser parser;
  parser.begin(body, limit);
  Head head;
  Outcome out;
  std::string kept;
  for (std::size_t at = 0; at < text.size(); at += step) {
    kept += text.substr(at, step);
    if (out.head != Step::done) {
      const auto taken = parser.head(kept, head);
      EXPECT_LE(taken.used, kept.size());
      kept.erase(0, taken.used);
      out.head = taken.step;
      if (taken.step == Step::more) continue;
      out.status = head.status;
      if (seen) *seen = head;
      if (taken.step != Step::done) break;
    }
    if (!parser.whole() && !kept.empty()) {
      const auto taken = parser.body(kept);
      EXPECT_LE(taken.used, kept.size());
      out.content += taken.piece;
      kept.erase(0, taken.used);
      out.body = taken.step;
      if (taken.step != Step::more && taken.step != Step::done) break;
    }
    if (parser.whole()) {
      out.body = Step::done;
      out.left = kept.size() + text.size() - std::min(text.size(), at + step);
      out.keeps_alive = parser.keeps_alive();
      return out;
    }
  }
  if (out.head == Step::invalid || out.head == Step::too_large || out.body == Step::invalid ||
      out.body == Step::too_large)
    out.why = parser.why();
  return out;
}

struct Case {
  const char* name;
  std::string text;
  std::string content;
  bool keeps_alive = true;
};

const Case whole[] = {
    {"Length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"},
    {"LengthTold", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\ncontent-length: 5\r\n\r\nhello", "hello"},
    {"LengthNone", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""},
    {"NoReason", "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx", "x"},
    {"Chunks",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b;c=\"d\"\r\n world\r\n0\r\n\r\n",
     "hello world"},
    {"ChunksNone", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""},
    {"ChunksInCapitals", "HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: Chunked\r\n\r\n00A\r\n0123456789\r\n000\r\n\r\n",
     "0123456789"},
    {"Trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-T: 1\r\nX-U: 2\r\n\r\n", "x"},
    {"Interim",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
     "2\r\n\r\nok",
     "ok"},
    {"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", ""},
    {"Close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "ok", false},
    {"Old", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", false},
    {"OldKept", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok", "ok"},
    {"OldInChunks",
     "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", "x", false},
    {"BothChunksFirst", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n1\r\nx\r\n0\r\n\r\n",
     "x", false},
    {"BothLengthFirst", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
     "x", false},
    {"Folded", "HTTP/1.1 200 OK\r\nX-A: one\r\n two\r\nContent-Length: 2\r\n\r\nok", "ok"},
};

TEST(ReplyParser, GivesTheSameForAnySplit) {
  for (const Case& example : whole) {
    const Outcome expected{
        Step::done,          Step::done, example.text.find("204") != std::string::npos ? 204 : 200, example.content, 0,
        example.keeps_alive, ""};
    for (std::size_t step = 1; step <= example.text.size(); ++step)
      ASSERT_EQ(read(example.text, step), expected) << example.name << " in pieces of " << step;
  }
}

TEST(ReplyParser, LeavesWhatIsBehindAReplyAlone) {
  for (const Case& example : whole) {
    const Outcome outcome = read(example.text + "HTTP/1.1", 1'000'000);
    EXPECT_EQ(outcome.content, example.content) << example.name;
    EXPECT_EQ(outcome.left, 8u) << example.name;
  }
}

TEST(ReplyParser, RefusesWhatIsNotHttpOrCouldBeReadInTwoWays) {
  const std::pair<const char*, std::string> bad[] = {
      {"another protocol", "220 mail.example ESMTP\r\n"},
      {"HTTP/2", "HTTP/2 200\r\n\r\n"},
      {"HTTP/0.9", "<html>hello</html>"},
      {"a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"},
      {"a status below 100", "HTTP/1.1 099 OK\r\n\r\n"},
      {"an unasked upgrade", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"},
      {"a line feed alone", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"},
      {"a line feed alone at the end", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nok"},
      {"a blank before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok"},
      {"a line without colon", "HTTP/1.1 200 OK\r\nContent-Length\r\n\r\nok"},
      {"no length but a word", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok"},
      {"a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok"},
      {"a length with a sign", "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok"},
      {"a length beyond 64 bits", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok"},
      {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok"},
      {"two lengths in one line", "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok"},
      {"two lengths beside chunks", "HTTP/1.1 200 OK\r\nContent-Length: 9, 8\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"a coding before chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {"an unknown transfer coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
      {"chunked twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"a NUL in a value", std::string("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", 28)},
  };
  for (const auto& [name, text] : bad)
    for (const std::size_t step : {std::size_t{1}, text.size()}) {
      const Outcome outcome = read(text, step);
      EXPECT_EQ(outcome.head, Step::invalid) << name << " in pieces of " << step;
      EXPECT_NE(outcome.why, "") << name;
    }
}

TEST(ReplyParser, RefusesBrokenChunks) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* chunks :
       {"zz\r\nhello\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "-5\r\nhello\r\n",
        "0x5\r\nhello\r\n\r\n", "fffffffffffffffff\r\n", "5 5\r\nhello\r\n", "\r\nhello", "0\r\nX T: 1\r\n\r\n"}) {
    const Outcome outcome = read(head + chunks, 1'000'000);
    EXPECT_EQ(outcome.body, Step::invalid) << chunks;
    EXPECT_NE(outcome.why, "") << chunks;
  }
}

TEST(ReplyParser, DeliversWhatCameBeforeABrokenChunk) {
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", 1'000'000).content,
            "hello");
}

TEST(ReplyParser, ReplyToHeadHasNoBody) {
  for (const char* lines : {"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", ""}) {
    const Outcome outcome = read("HTTP/1.1 200 OK\r\n" + std::string(lines) + "\r\n", 3, ReplyParser::Body::none);
    EXPECT_EQ(outcome.body, Step::done) << lines;
  }
}

TEST(ReplyParser, LimitCountsHeadsAndTrailersToTheByte) {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
                    head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", trailers = "X-T: 1\r\n\r\n",
                    text = interim + head + "4\r\nbody\r\n0;ext\r\n" + trailers;
  const std::size_t all = interim.size() + head.size() + trailers.size();
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, text.size()}) {
    EXPECT_EQ(read(text, step, ReplyParser::Body::as_told, all).body, Step::done);
    EXPECT_EQ(read(text, step, ReplyParser::Body::as_told, all - 1).body, Step::too_large);
    EXPECT_EQ(read(text, step, ReplyParser::Body::as_told, interim.size() + head.size() - 1).head, Step::too_large);
  }
}

TEST(ReplyParser, EndlessChunkLineIsStopped) {
  const std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + std::string(64u << 10, 'x');
  EXPECT_EQ(read(text, 4'000).body, Step::too_large);
}

TEST(ReplyParser, LineOfAHeaderIsLimited) {
  const std::string text = "HTTP/1.1 200 OK\r\nX: " + std::string(101u << 10, 'x') + "\r\n\r\n";
  const Outcome outcome = read(text, 4'000, ReplyParser::Body::as_told, 1u << 20);
  EXPECT_EQ(outcome.head, Step::too_large);
  EXPECT_THAT(outcome.why, testing::HasSubstr("100 KiB"));
}

TEST(ReplyParser, HeadKeepsOrderAndRepetitionAndForgetsTheLastOne) {
  Head head;
  head.headers = {{"old", "one"}, {"older", "two"}, {"oldest", std::string(100, 'x')}, {"a", ""}};
  ReplyParser parser;
  parser.begin(ReplyParser::Body::as_told, 4096);
  parser.head("HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nX-Empty:\r\nset-cookie:  b \r\n\r\n", head);
  const std::vector<std::pair<std::string, std::string>> wanted{
      {"set-cookie", "a"}, {"x-empty", ""}, {"set-cookie", "b"}};
  EXPECT_EQ(head.headers, wanted);
}

TEST(ReplyParser, ConnectionsEndEndsOnlyABodyThatHasNoOtherEnd) {
  const auto may_end = [](std::string_view text) {
    ReplyParser parser;
    parser.begin(ReplyParser::Body::as_told, 4096);
    Head head;
    std::string bytes(text);
    bytes.erase(0, parser.head(bytes, head).used);
    if (!bytes.empty()) parser.body(bytes);
    return parser.may_end_here();
  };
  EXPECT_TRUE(may_end("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
  EXPECT_TRUE(may_end("HTTP/1.1 200 OK\r\n\r\n"));
  EXPECT_FALSE(may_end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"));
  EXPECT_FALSE(may_end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
}

/// Damaged replies: none may be read past its bytes (which a sanitizer would see), nor read differently when it comes
/// in pieces.
TEST(ReplyParser, DamagedRepliesAreReadTheSameInAnyPieces) {
  std::mt19937 random(20'261'125);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  for (int i = 0; i < 3'000; ++i) {
    std::string text = whole[below(std::size(whole))].text;
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + below(4));
          break;
        case 2:
          text.insert(at, text.substr(below(text.size()), below(12)));
          break;
        default:
          text.insert(at, 1, "\r\n: ;0"[below(6)]);
      }
      if (text.empty()) text = "H";
    }
    const Outcome at_once = read(text, text.size());
    for (const std::size_t step : {std::size_t{1}, 1 + below(text.size())}) {
      Outcome in_pieces = read(text, step);
      // What is refused may be refused for another reason, when less of it had come.
      if (at_once.why.empty()) {
        ASSERT_EQ(in_pieces, at_once) << testing::PrintToString(text) << " in pieces of " << step;
      }
      ASSERT_EQ(in_pieces.head, at_once.head) << testing::PrintToString(text) << " in pieces of " << step;
      ASSERT_EQ(in_pieces.body, at_once.body) << testing::PrintToString(text) << " in pieces of " << step;
      ASSERT_EQ(in_pieces.content, at_once.content) << testing::PrintToString(text) << " in pieces of " << step;
    }
  }
}

}  // namespace
}  // namespace belay::http::test
