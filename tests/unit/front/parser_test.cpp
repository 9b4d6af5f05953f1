#include "parser.hpp"

#include <gtest/gtest.h>

namespace belay::gateway {
namespace {

/// What comes of `bytes` when they come `step` at a time: "done|BODY|rest", "more" or "STATUS".
std::string course(std::string_view bytes, std::size_t step) {
  ChunkReader reader(64, 32);
  std::string body, waiting;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    waiting += bytes.substr(at, step);
    const auto fed = reader.feed(waiting, body);
    waiting.erase(0, fed.used);
    if (fed.state == ChunkReader::State::refused) return std::to_string(reader.why().status);
    if (fed.state == ChunkReader::State::done) return "done|" + body + "|" + waiting + std::string(bytes.substr(std::min(at + step, bytes.size())));
  }
  return "more";
}

struct Case {
  const char* bytes;
  const char* course;
};

const Case cases[] = {
    {"0\r\n\r\n", "done||"},
    {"0\r\nA: b\r\n\r\nnext", "done||next"},
    {"5\r\nhello\r\n0\r\n\r\n", "done|hello|"},
    {"1\r\na\r\n2;x=y\r\nbc\r\n00\r\n\r\nGET", "done|abc|GET"},
    {"1;q=\"\\\"\"\r\na\r\n0\r\n\r\n", "done|a|"},
    {"5\r\nhel", "more"},
    {"5", "more"},
    {"0\r\n", "more"},
    {"0\r\nA: b\r\n", "more"},
    {"x\r\n", "400"},
    {"5\r\nhelloX\r\n", "400"},
    {"5;a=\"b\r\nhello\"\r\n", "400"},
    {"0;a=\"b\r\n", "400"},
    {"0\r\nA: b\r\n c\r\n\r\n", "400"},
    {"0\r\nA:\r\n c\r\n\r\n", "400"},
    {"0\r\nA:\r\n\r\n", "done||"},
    {"1;a=\"\x01\"\r\na", "400"},
    {"41\r\n", "413"},
    {"20\r\n01234567890123456789012345678901\r\n21\r\n", "413"},
    {"1;eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\r\na", "431"},
};

TEST(ChunkReader, DoesNotDependOnThePiecesThatBytesComeIn) {
  for (const auto& one : cases) {
    for (std::size_t step = 1; step <= std::string_view(one.bytes).size(); ++step) EXPECT_EQ(course(one.bytes, step), one.course) << one.bytes << " by " << step;
  }
}

TEST(ReadHead, NotesWhatFramesAndRoutes) {
  std::string bytes = "POST /a?b HTTP/1.1\r\nHost: h\r\nContent-LENGTH: 5\r\ncontent-length: 6\r\nTransfer-Encoding: x\r\nExpect: e\r\nOrigin: o\r\n\r\n";
  RawHead head;
  std::vector<Field> fields;
  EXPECT_EQ(read_head(bytes, head, fields)->status, 400);  // Beast itself refuses two lengths that differ
  bytes = "POST /a?b HTTP/1.0\r\nHOST: h\r\nContent-LENGTH:\t5 \r\nExpect: e\r\nOrigin: o\r\nOrigin: p\r\n\r\n";
  head = RawHead();
  ASSERT_FALSE(read_head(bytes, head, fields));
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/a?b");
  EXPECT_EQ(head.minor, 0);
  EXPECT_FALSE(head.keep_alive);
  EXPECT_EQ(head.host.value, "h");
  EXPECT_EQ(head.content_length.value, "5");
  EXPECT_EQ(head.expect.count, 1u);
  EXPECT_EQ(head.origin.count, 2u);
  ASSERT_EQ(fields.size(), 5u);
  EXPECT_EQ(fields[1].name, "content-length");
}

}  // namespace
}  // namespace belay::gateway
