// The whole program in a process of its own, as far as it goes without a configuration.
#include "program.hpp"

#include <gtest/gtest.h>


#include "processes.hpp"

namespace belay::cli {
namespace {

Ended belay(std::vector<std::string> words) {
  return in_child([&] {
    std::vector<char*> argv{const_cast<char*>("belay")};
    for (std::string& word : words) argv.push_back(word.data());
    return program(static_cast<int>(argv.size()), argv.data());
  });
}

TEST(Program, TellsItsVersionAndItsCommands) {
  EXPECT_TRUE(belay({"--version"}).out.starts_with("belay "));
  EXPECT_EQ(belay({"--help"}).out, belay({"help"}).out);
  EXPECT_EQ(belay({"call", "--help"}).out, belay({"help", "call"}).out);
  EXPECT_EQ(belay({"credential", "refresh", "-h"}).out, belay({"help", "credential", "refresh"}).out);
  EXPECT_EQ(belay({"help", "credential"}).code, 0);
}

struct Wrong {
  std::vector<std::string> words;
  std::string sentence;
};

TEST(Program, UsageErrorsAreOneSentenceAndExit2) {
  const std::vector<Wrong> table = {
      {{"cal"}, "unknown command \"cal\" (did you mean call?); see belay --help"},
      {{"exp"}, "unknown command \"exp\" (did you mean explain?); see belay --help"},
      {{"xyzzy"}, "unknown command \"xyzzy\"; see belay --help"},
      {{"a\x1b[2J"}, "unknown command \"a\\x1b[2J\"; see belay --help"},
      {{"--versio"}, "unknown option \"--versio\" (did you mean --version?); see belay --help"},
      {{"--config", "f"}, "there is no command after --config; see belay --help"},
      {{"credential"}, "credential needs one of its own commands: refresh or login; see belay --help"},
      {{"plugins", "insp"}, "plugins: has no command \"insp\" (did you mean inspect?); see belay plugins --help"},
      {{"help", "credential", "logout"}, "help: there is no command credential logout; see belay help"},
      {{"serve", "--workers", "0"}, "--workers takes a number from 1 to 256, not \"0\""},
  };
  for (const Wrong& row : table) {
    const Ended ended = belay(row.words);
    EXPECT_EQ(ended.code, 2) << row.words[0];
    EXPECT_EQ(ended.out, "") << row.words[0];
    EXPECT_EQ(ended.err, "belay: " + row.sentence + "\n");
  }
}

TEST(Program, WithoutACommandHelpGoesToStderr) {
  const Ended ended = belay({});
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ended.err.find("commands\n"), std::string::npos);
}

TEST(Program, ADiskThatIsFullIsTold) {
  const Ended ended = in_child([] {
    const int full = open("/dev/full", O_WRONLY);
    dup2(full, 1);
    char name[] = "belay", option[] = "--version";
    char* words[] = {name, option};
    return program(2, words);
  });
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.err, "belay: cannot write to standard output: No space left on device\n");
}

}  // namespace
}  // namespace belay::cli
