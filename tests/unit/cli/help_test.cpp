#include "help.hpp"

#include <gtest/gtest.h>

#include "completion_table.hpp"
#include "lists.hpp"
#include "screens.hpp"
#include "text_width.hpp"

namespace belay::cli {
namespace {

void expect_fits(const std::string& text, std::size_t width) {
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const std::string line = text.substr(at, text.find('\n', at) - at);
    const bool example = line.starts_with("  belay ") || line.starts_with("  git ");  // stays whole, to be copied
    if (!example || line.starts_with("  belay call [")) {
      EXPECT_LE(columns(line), width) << line;
    }
  }
}

TEST(Help, NamesEveryOptionAndOperand) {
  for (const Command* command : offered_commands()) {
    const std::string text = command_help(*command, pipe_screen());
    for (const Option& option : options_of(*command)) EXPECT_NE(text.find(option.name), std::string::npos) << command->name;
    for (const Operand& operand : command->operands) EXPECT_NE(text.find(operand.name), std::string::npos) << command->name;
  }
}

TEST(Help, FitsATerminal) {
  for (const std::size_t width : {60U, 80U, 200U}) {
    expect_fits(program_help(terminal(width)), width);
    for (const Command* command : offered_commands()) {
      SCOPED_TRACE(command->name);
      expect_fits(command_help(*command, terminal(width)), width);
    }
  }
}

TEST(Help, BreaksTheUsageBetweenOptionsOnly) {
  const std::string text = command_help(*command_named("call"), terminal(80));
  EXPECT_NE(text.find("  belay call [--route ROUTE] [--target PROVIDER[/MODEL]] [--stream] [--json]\n"
                      "             [--trace FILE] [--deadline TIME] [TEXT]\n"),
            std::string::npos)
      << text;
}

TEST(Help, ListsWhatIsOfferedAndNothingElse) {
  const std::string text = program_help(pipe_screen());
  for (const Command* command : commands()) {
    EXPECT_EQ(text.find("  " + std::string(command->name) + "  ") != std::string::npos, !command->hidden) << command->name;
  }
}

TEST(Help, KnowsTheWordsThatHelpTakes) {
  EXPECT_EQ(command_named("help")->operands[0].choices, joined(first_words(), " "));
}

TEST(Help, IsPlainInAPipeAndBoldOnATerminal) {
  EXPECT_EQ(program_help(pipe_screen()).find('\x1b'), std::string::npos);
  EXPECT_NE(program_help(coloured(80)).find("\x1b[1mcommands\x1b[0m"), std::string::npos);
}

}  // namespace
}  // namespace belay::cli
