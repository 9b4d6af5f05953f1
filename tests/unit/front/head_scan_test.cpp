#include "head_scan.hpp"

#include <gtest/gtest.h>

#include <string>

namespace belay::gateway {
namespace {

using Found = HeadScan::Found;

/// The verdict on it fed whole, and fed byte by byte: must be the same.
Found look(const std::string& bytes, std::size_t* end = nullptr) {
  HeadScan whole, bytewise;
  const Found found = whole.look(bytes);
  Found step = Found::more;
  std::size_t size = 0;
  while (step == Found::more && size < bytes.size()) step = bytewise.look(std::string_view(bytes).substr(0, ++size));
  EXPECT_EQ(step, found) << bytes;
  if (found == Found::end) {
    EXPECT_EQ(bytewise.end(), whole.end());
    if (end != nullptr) *end = whole.end();
  }
  return found;
}

TEST(HeadScan, FindsTheEnd) {
  std::size_t end = 0;
  EXPECT_EQ(look("GET / HTTP/1.1\r\nA: b\r\n\r\nbody\r\n\r\n", &end), Found::end);
  EXPECT_EQ(end, 24u);
}

TEST(HeadScan, WaitsForMore) {
  for (const char* text : {"", "G", "GET / HTTP/1.1", "GET / HTTP/1.1\r", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nA: b\r\n", "GET / HTTP/1.1\r\nA: b\r\n\r"}) EXPECT_EQ(look(text), Found::more) << text;
}

TEST(HeadScan, RefusesWhatNoByteCanHeal) {
  EXPECT_EQ(look("\x16\x03"), Found::no_http);
  EXPECT_EQ(look(" GET"), Found::no_http);
  EXPECT_EQ(look("GET / HTTP/1.1\n"), Found::bare_lf);
  EXPECT_EQ(look("GET / HTTP/1.1\r\nA: b\r\n\n"), Found::bare_lf);
  EXPECT_EQ(look("GET / HTTP/1.1\r\nA: b\r\n c\r\n"), Found::folded);
  EXPECT_EQ(look("GET / HTTP/1.1\r\n\tA: b\r\n"), Found::folded);
}

TEST(HeadScan, BeginsAgain) {
  HeadScan scan;
  EXPECT_EQ(scan.look("GET / HTTP/1.1\r\n\r\n"), Found::end);
  scan.reset();
  EXPECT_EQ(scan.look("GET / HTTP/1.1\r\n"), Found::more);
}

}  // namespace
}  // namespace belay::gateway
