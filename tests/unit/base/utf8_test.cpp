#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace belay {
namespace {

TEST(Utf8, AcceptsWhatRfc3629Allows) {
  for (const char* text : {"", "abc", "ü", "€", "😀", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(valid_utf8(text)) << text;
}

TEST(Utf8, RefusesOverlongSurrogatesAndCutCharacters) {
  for (const char* text :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3\x28"}) {
    EXPECT_FALSE(valid_utf8(text));
  }
}

// ASCII is looked at in blocks of 64 bytes.
TEST(Utf8, FindsAFaultAtEveryPlaceOfABlock) {
  for (std::size_t at = 0; at < 200; ++at) {
    std::string text(200, 'a');
    text[at] = '\xff';
    EXPECT_FALSE(valid_utf8(text)) << at;
    text.replace(at, 1, "€");
    EXPECT_TRUE(valid_utf8(text)) << at;
    text.erase(at + 2, 1);
    EXPECT_FALSE(valid_utf8(text)) << at;
  }
}

TEST(Utf8, CuttingKeepsCharactersWhole) {
  EXPECT_EQ(cut_utf8("abc", 5), "abc");
  EXPECT_EQ(cut_utf8("a€b", 4), "a€");
  EXPECT_EQ(cut_utf8("a€b", 3), "a");
  EXPECT_EQ(cut_utf8("😀", 3), "");
  EXPECT_EQ(cut_utf8(std::string(100, '\x80'), 50).size(), 50u);
}

TEST(Utf8, ReplacesWhatBelongsToNoCharacter) {
  EXPECT_EQ(replace_invalid_utf8("a\xff\xe2\x82ü"), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdü");
}

TEST(Printable, EscapesControlCharacters) {
  EXPECT_EQ(printable("a\nb\x1b[0m\x7f"), "a\\x0ab\\x1b[0m\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"
                      "0m"),
            "\\x9b0m");  // the one-byte CSI of old terminals
  EXPECT_EQ(printable("ü\xff"), "ü\xef\xbf\xbd");
}

}  // namespace
}  // namespace belay
