#include "screen.hpp"

#include <gtest/gtest.h>

#include <map>

namespace belay::cli {
namespace {

Variable environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

TEST(Screen, APipeHasNoColourAndNoLimit) {
  const Screen screen = screen_of(1, false, 80, 24, environment({{"TERM", "xterm"}, {"LANG", "C.UTF-8"}}));

  EXPECT_FALSE(screen.terminal || screen.colour || screen.unicode || screen.moves);
  EXPECT_EQ(screen.width, 0U);
}

TEST(Screen, ATerminalHasColourUnlessThePersonSaysNo) {
  EXPECT_TRUE(screen_of(1, true, 80, 24, environment({{"TERM", "xterm"}})).colour);
  EXPECT_TRUE(screen_of(1, true, 80, 24, environment({{"TERM", "xterm"}, {"NO_COLOR", ""}})).colour);
  EXPECT_FALSE(screen_of(1, true, 80, 24, environment({{"TERM", "xterm"}, {"NO_COLOR", "1"}})).colour);
  EXPECT_TRUE(screen_of(1, true, 80, 24, environment({{"TERM", "xterm"}, {"NO_COLOR", "1"}})).moves);
}

TEST(Screen, ADumbTerminalIsWrittenLikeAPage) {
  for (const char* kind : {"dumb", ""}) {
    const Screen screen = screen_of(1, true, 80, 24, environment({{"TERM", kind}}));
    EXPECT_TRUE(screen.terminal);
    EXPECT_FALSE(screen.colour || screen.moves) << kind;
  }
}

TEST(Screen, SignsBeyondAsciiNeedAUtf8Locale) {
  const auto unicode = [](std::map<std::string, std::string> values) { return screen_of(1, true, 80, 24, environment(std::move(values))).unicode; };
  EXPECT_TRUE(unicode({{"LANG", "de_DE.UTF-8"}}));
  EXPECT_TRUE(unicode({{"LC_CTYPE", "C.utf8"}}));
  EXPECT_FALSE(unicode({{"LANG", "C"}}));
  EXPECT_FALSE(unicode({{"LC_ALL", "C"}, {"LANG", "de_DE.UTF-8"}}));
  EXPECT_FALSE(unicode({}));
}

TEST(Screen, PaintsOnlyWhereThereIsColour) {
  Screen screen;
  EXPECT_EQ(paint(screen, Ink::bad, "x"), "x");
  screen.colour = true;
  EXPECT_EQ(paint(screen, Ink::bad, "x"), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(paint(screen, Ink::plain, "x"), "x");
  EXPECT_EQ(paint(screen, Ink::bad, ""), "");
}

TEST(Screen, AnAnswerCannotSteerTheTerminal) {
  EXPECT_EQ(disarmed("plain\ttext\nüñ 日本"), "plain\ttext\nüñ 日本");
  EXPECT_EQ(disarmed("\x1b]52;c;AAAA\x07"), "\xef\xbf\xbd]52;c;AAAA\xef\xbf\xbd");
  EXPECT_EQ(disarmed("a\rb\x7f"), "a\xef\xbf\xbd"
                                  "b\xef\xbf\xbd");
  EXPECT_EQ(disarmed("\xc2\x9b"
                     "2J"),
            "\xef\xbf\xbd"
            "2J");  // CSI as one character
  EXPECT_EQ(disarmed("\xc2\xa0"), "\xc2\xa0");
}

}  // namespace
}  // namespace belay::cli
