#include "text_guard.hpp"

#include <gtest/gtest.h>

namespace belay::config {
namespace {

std::string fault(std::string_view text) {
  const auto found = guard_text(text);
  return found ? std::to_string(found->line) + ":" + std::to_string(found->column) + " " + found->problem : "";
}

constexpr auto outside = " a character that is not ASCII stands outside strings and comments";
constexpr auto after_backslash = " a character that is not ASCII follows a backslash";

TEST(TextGuard, LetsStringsAndCommentsHoldAnyLanguage) {
  EXPECT_EQ(
      fault("# Größe\na = \"Größe\" # 大\nb = 'größer'\nc = \"\"\"\nzwölf\n\"\"\"\nd = '''\n大\n'''\n\"größe\" = 1\n"),
      "");
}

TEST(TextGuard, RefusesOtherCharactersWithTheirPlace) {
  EXPECT_EQ(fault("a = 1\nbé = 2\n"), std::string("2:2") + outside);
  EXPECT_EQ(fault("a = \"ü\" ü\n"), std::string("1:9") + outside);  // columns count characters, not bytes
}

// Upstream issues 190 and 295: these reach TOML_UNREACHABLE in the parser's tables.
TEST(TextGuard, RefusesWhatIsUndefinedInTheParser) {
  EXPECT_EQ(fault("\xef\xbb\x8a["), std::string("1:1") + outside);
  EXPECT_EQ(fault("\xcc\xaa"), std::string("1:1") + outside);
  EXPECT_EQ(fault("a = \"\"\"x\\\n  \xcc\xaa\"\"\""), std::string("2:3") + after_backslash);
  EXPECT_EQ(fault("a = \"\"\"x\\\xcc\xaa\"\"\""), std::string("1:10") + after_backslash);
}

TEST(TextGuard, KnowsWhereStringsEnd) {
  EXPECT_EQ(fault("a = \"x\\\"é\" # fine\n"), "");
  EXPECT_EQ(fault("a = 'x\\'é\n"), std::string("1:9") + outside);  // no escapes in a literal string
  EXPECT_EQ(fault("a = \"\"\"x\"\"\"\"\"é\n"), std::string("1:14") + outside);
  EXPECT_EQ(fault("a = \"\"\"x \\\\é\"\"\"\n"), "");
  EXPECT_EQ(fault("a = \"open\né\n"), std::string("2:1") + outside);
}

TEST(TextGuard, AcceptsAByteOrderMarkAtTheStartOnly) {
  EXPECT_EQ(fault("\xef\xbb\xbf# x\n"), "");
  EXPECT_EQ(fault("a = 1\n\xef\xbb\xbf# x\n"), std::string("2:1") + outside);
}

TEST(TextGuard, RefusesBrokenUtf8WithItsPlace) {
  EXPECT_EQ(fault("a = 1\n# ü\xff\n"), "2:4 not UTF-8 text");
  EXPECT_EQ(fault("# \xe2\x82"), "1:3 not UTF-8 text");
  EXPECT_EQ(fault(std::string_view("\xff\xfe"
                                   "a\0",
                                   4)),
            "1:1 not UTF-8 text");  // UTF-16
}

TEST(TextGuard, BoundsTheDepthOfDottedKeys) {
  EXPECT_EQ(fault("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q = 1\n"), "");
  EXPECT_EQ(fault("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r = 1\n"), "1:34 a key with more than 16 dots");
  EXPECT_EQ(fault("[\"a\" . b.\"c\".d.e.f.g.h.i.j.k.l.m.n.o.p.q.r]\n").substr(0, 2), "1:");
  std::string numbers = "a = [0.1";
  for (int i = 0; i < 100; ++i) numbers += ", 0.5";
  EXPECT_EQ(fault(numbers + "]\n"), "");
}

TEST(TextGuard, BoundsTheSize) { EXPECT_EQ(fault(std::string(file_limit + 1, '\n')), "0:0 larger than 1 MiB"); }

}  // namespace
}  // namespace belay::config
