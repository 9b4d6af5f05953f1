// `belay help [COMMAND]`: the same as --help.
#include "commands.hpp"
#include "exit_code.hpp"
#include "help.hpp"
#include "lists.hpp"

namespace belay::cli {
namespace {

constexpr Operand operands[] = {{"COMMAND", "the command to explain", false, Offer::choices,
                                 "call serve explain check plugins status reset credential completion help"},
                                {"COMMAND", "its second word, where it has one", false}};

int run(const Arguments& arguments, Console& console) {
  std::vector<std::string> words;
  for (std::size_t n = 0; arguments.operand(n); ++n) words.push_back(*arguments.operand(n));
  if (words.empty()) return print(console, program_help(console.out));
  const Found found = find_command(words);
  if (found.command != nullptr && found.words == words.size())
    return print(console, command_help(*found.command, console.out));
  if (words.size() == 1) return print(console, group_help(words[0], console.out));
  complain(console, "help: there is no command " + joined(words, " ") + "; see belay help");
  return exit_usage;
}

}  // namespace

const Command help_command{.name = "help",
                           .summary = "what a command does and its options",
                           .about = "",
                           .options = {},
                           .operands = operands,
                           .examples = {},
                           .run = run};

}  // namespace belay::cli
