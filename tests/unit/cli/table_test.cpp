#include "table.hpp"

#include <gtest/gtest.h>

#include "screens.hpp"
#include "text_width.hpp"

namespace belay::cli {
namespace {

TEST(TextWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(columns(""), 0U);
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("é"), 1U);
  EXPECT_EQ(columns("e\xcc\x81"), 1U);  // e and a combining acute
  EXPECT_EQ(columns("日本"), 4U);
  EXPECT_EQ(columns("→✗"), 2U);
  EXPECT_EQ(columns("\xff\xfe"), 2U);  // invalid bytes: one each
  EXPECT_EQ(columns("\xe6\x97"), 2U);  // a character that was cut
}

TEST(TextWidth, ShortensBetweenCharactersAndMarksIt) {
  EXPECT_EQ(shortened("abcdef", 6, true), "abcdef");
  EXPECT_EQ(shortened("abcdef", 5, true), "abcd…");
  EXPECT_EQ(shortened("abcdef", 5, false), "ab...");
  EXPECT_EQ(shortened("日本語", 5, true), "日本…");
  EXPECT_EQ(shortened("日本語", 4, true), "日…");  // half a wide character is none
  EXPECT_EQ(shortened("abc", 0, true), "");
}

TEST(TextWidth, WrapsAtSpacesAndCutsWhatHasNone) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(wrapped("", 5), Lines{""});
  EXPECT_EQ(wrapped("one two three", 7), (Lines{"one two", "three"}));
  EXPECT_EQ(wrapped("one two three", 8), (Lines{"one two", "three"}));
  EXPECT_EQ(wrapped("abcdefgh", 3), (Lines{"abc", "def", "gh"}));
  EXPECT_EQ(wrapped("日本語", 4), (Lines{"日本", "語"}));
  EXPECT_EQ(wrapped("日本", 1), (Lines{"日", "本"}));  // wider than the column: still an end
  EXPECT_EQ(wrapped("ends with space   ", 5), (Lines{"ends", "with", "space"}));
}

Table attempts() {
  Table table({{"#", 0, Side::right}, {"target", 8}, {"refresh"}, {"message", 10}});
  table.add({"1", "spare/m1", "", "the key was refused by upstream"});
  table.add({"10", {"p/モデル", Ink::bad}, "", "ok"});
  return table;
}

TEST(Table, InAPipeIsAlignedPlainAndAsWideAsItNeeds) {
  EXPECT_EQ(attempts().text(pipe_screen()),
            "   #  target    message\n"
            "   1  spare/m1  the key was refused by upstream\n"
            "  10  p/モデル  ok\n");
}

TEST(Table, WrapsLongColumnsOnATerminal) {
  EXPECT_EQ(attempts().text(terminal(34)),
            "   #  target    message\n"
            "   1  spare/m1  the key was\n"
            "                refused by\n"
            "                upstream\n"
            "  10  p/モデル  ok\n");
}

TEST(Table, BreaksBetweenWordsBeforeItCutsNames) {
  Table table({{"target", 6}, {"then", 6}});
  table.add({"openrouter/google/gemini", "next_target, held 10 min"});
  EXPECT_EQ(table.text(terminal(44)),
            "  target                    then\n"
            "  openrouter/google/gemini  next_target,\n"
            "                            held 10 min\n");
  EXPECT_EQ(table.text(terminal(34)),
            "  target              then\n"
            "  openrouter/google/  next_target,\n"
            "  gemini              held 10 min\n");
}

Table with_notes() {
  Table table({{"#", 0, Side::right}, {"target", 8}, {"took", 0, Side::right}, note("message")});
  table.add({"1", "p/m", "120 ms", {"no credits left on this account", Ink::dim}});
  table.add({"2", "c/m", "4.2 s", ""});
  return table;
}

TEST(Table, ANoteStandsBesideItsRowWhereThereIsRoom) {
  EXPECT_EQ(with_notes().text(terminal(80)),
            "  #  target    took  message\n"
            "  1  p/m     120 ms  no credits left on this account\n"
            "  2  c/m      4.2 s\n");
}

TEST(Table, ANoteGoesBelowItsRowWhereThereIsNone) {
  EXPECT_EQ(with_notes().text(terminal(30)),
            "  #  target    took\n"
            "  1  p/m     120 ms\n"
            "     no credits left on this\n"
            "     account\n"
            "  2  c/m      4.2 s\n");
}

TEST(Table, WithoutTitlesHasNoTitleLine) {
  Table table({{"", 0}, {"", 20}});
  table.add({"to do", "log in"});
  EXPECT_EQ(table.text(pipe_screen()), "  to do  log in\n");
}

TEST(Table, BecomesListsWhereColumnsDoNotFit) {
  EXPECT_EQ(attempts().text(terminal(20)),
            "  #: 1\n"
            "  target: spare/m1\n"
            "  message: the key\n"
            "  was refused by\n"
            "  upstream\n"
            "\n"
            "  #: 10\n"
            "  target: p/モデル\n"
            "  message: ok\n");
}

TEST(Table, NoLineIsWiderThanTheTerminal) {
  for (std::size_t width = 8; width < 100; ++width) {
    const std::string text = attempts().text(terminal(width));
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      EXPECT_LE(columns(text.substr(at, end - at)), width) << "width " << width << ": " << text;
      at = end + 1;
    }
  }
}

TEST(Table, ColoursCellsWithoutMovingColumns) {
  Table table({{"a"}, {"b"}});
  table.add({{"x", Ink::good}, "y"});

  EXPECT_EQ(table.text(coloured(40)), "  \x1b[2ma\x1b[0m  \x1b[2mb\x1b[0m\n  \x1b[32mx\x1b[0m  y\n");
}

// An upstream's message must not be able to move the cursor or to fake a line of ours.
TEST(Table, MakesForeignTextHarmless) {
  Table table({{"message"}});
  table.add({"a\x1b[2Jb\nc"});

  const std::string text = table.text(pipe_screen());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(Table, WithoutRowsIsNothing) { EXPECT_EQ(Table({{"a"}}).text(pipe_screen()), ""); }

}  // namespace
}  // namespace belay::cli
