#include "parse.hpp"

#include <gtest/gtest.h>

#include "commands.hpp"

namespace belay::cli {
namespace {

using Words = std::vector<std::string>;

std::string error_of(const Command& command, const Words& words) {
  const auto parsed = parse(command, words);
  return parsed ? "" : parsed.error().message;
}

TEST(Parse, TakesOptionsInBothSpellingsAndOperandsAnywhere) {
  const auto parsed = parse(call_command, Words{"--route=r", "hello", "--deadline", "5s", "--stream"});

  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->value("--route"), "r");
  EXPECT_EQ(parsed->value("--deadline"), "5s");
  EXPECT_TRUE(parsed->has("--stream"));
  EXPECT_FALSE(parsed->has("--json"));
  EXPECT_EQ(parsed->operand(0), "hello");
  EXPECT_EQ(parsed->operand(1), std::nullopt);
}

TEST(Parse, AnEmptyTextIsAnOperand) {
  const auto parsed = parse(call_command, Words{""});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->operand(0), "");
}

TEST(Parse, AfterTwoDashesEverythingIsText) {
  const auto parsed = parse(call_command, Words{"--stream", "--", "--route"});
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->operand(0), "--route");
  EXPECT_FALSE(parsed->has("--route"));
}

TEST(Parse, ATextMayHoldAnything) {
  for (const char* text : {"-", "a b", "{\"x\":1}", "x=y", "日本", "[1,2]", "%s"}) {
    const auto parsed = parse(call_command, Words{text});
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().message;
    EXPECT_EQ(parsed->operand(0), text);
  }
}

struct Wrong {
  Words words;
  std::string sentence;
};

TEST(Parse, EachMistakeIsOneSentenceWithTheWayOut) {
  const std::vector<Wrong> table = {
      {{"--rout", "r"}, "call: unknown option \"--rout\" (did you mean --route?); see belay call --help"},
      {{"--rout=r"}, "call: unknown option \"--rout=r\" (did you mean --route?); see belay call --help"},
      {{"-x"}, "call: unknown option \"-x\" (put -- before a text that begins with a dash); see belay call --help"},
      {{"--route"}, "call: --route needs a value; see belay call --help"},
      {{"hi", "--target"}, "call: --target needs a value; see belay call --help"},
      {{"--route", "a", "--route", "b"}, "call: --route is given twice; see belay call --help"},
      {{"one", "two"}, "call: one argument too many: \"two\" (quote a text that has several words); see belay call --help"},
      {{"--log", "loud"}, "call: --log can't be \"loud\" (one of trace, debug, info, warn, error, off); see belay call --help"},
  };
  for (const Wrong& row : table) EXPECT_EQ(error_of(call_command, row.words), row.sentence);
}

TEST(Parse, OperandsThatAreNeededAreAskedFor) {
  EXPECT_EQ(error_of(completion_command, {}), "completion: SHELL is missing: for which shell; see belay completion --help");
  EXPECT_EQ(error_of(completion_command, {"tcsh"}), "completion: SHELL can't be \"tcsh\" (one of bash, zsh, fish); see belay completion --help");
  EXPECT_EQ(error_of(status_command, {"now"}), "status: takes no argument, but got \"now\"; see belay status --help");
}

TEST(Parse, HelpIsGivenWhateverElseIsWrong) {
  for (const char* help : {"-h", "--help"}) {
    const auto parsed = parse(completion_command, Words{help});
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_TRUE(parsed->has("--help"));
  }
}

TEST(Parse, CommonOptionsMayStandBeforeTheCommand) {
  EXPECT_EQ(command_first(Words{"--config", "f", "--log=info", "plugins", "inspect", "x.so"}), (Words{"plugins", "inspect", "--config", "f", "--log=info", "x.so"}));
  EXPECT_EQ(command_first(Words{"call", "--config", "f"}), (Words{"call", "--config", "f"}));
  EXPECT_EQ(command_first(Words{"--version"}), Words{"--version"});
  EXPECT_EQ(command_first(Words{"--config"}), Words{"--config"});
}

TEST(Commands, TheLongestNameWins) {
  EXPECT_EQ(find_command(Words{"plugins"}).command, &plugins_command);
  EXPECT_EQ(find_command(Words{"plugins", "new", "x"}).command, &plugins_new_command);
  EXPECT_EQ(find_command(Words{"plugins", "new", "x"}).words, 2U);
  EXPECT_EQ(find_command(Words{"credential"}).command, nullptr);
  EXPECT_EQ(find_command(Words{}).command, nullptr);
}

TEST(Commands, EveryRowIsComplete) {
  for (const Command* command : commands()) {
    EXPECT_FALSE(command->name.empty());
    EXPECT_FALSE(command->summary.empty()) << command->name;
    EXPECT_NE(command->run, nullptr) << command->name;
    for (const Option& option : command->options) {
      EXPECT_TRUE(option.name.starts_with("--")) << option.name;
      EXPECT_FALSE(option.about.empty()) << option.name;
      EXPECT_EQ(option.offer == Offer::choices, !option.choices.empty()) << option.name;
    }
  }
}

}  // namespace
}  // namespace belay::cli
