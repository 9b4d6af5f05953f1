#include "completion.hpp"
#include "completion_table.hpp"

namespace belay::cli {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

/// What is offered for a value, as arguments of `complete`.
std::string offered(Offer offer, std::string_view choices) {
  const std::string kind(kind_of_words(offer));
  if (!kind.empty()) return " -x -a '(__belay_words " + kind + ")'";
  if (offer == Offer::choices) return " -x -a " + quoted(choices);
  if (offer == Offer::file) return " -r -F";
  if (offer == Offer::folder) return " -x -a '(__fish_complete_directories)'";
  return " -x";
}

std::string of_command(const Command& command) {
  const std::string when = "complete -c belay -n " + quoted("__belay_at " + std::string(command.name));
  std::string text;
  for (const Option& option : options_of(command)) {
    text += when + (option.name == "--help" ? " -s h" : "") + " -l " + std::string(option.name.substr(2));
    if (!option.value.empty()) text += offered(option.offer, option.choices);
    text += " -d " + quoted(option.about) + "\n";
  }
  for (const Operand& operand : command.operands) {
    const std::string kind(kind_of_words(operand.offer));
    if (!kind.empty()) text += when + " -a '(__belay_words " + kind + ")'\n";
    if (operand.offer == Offer::choices) text += when + " -a " + quoted(operand.choices) + "\n";
    if (operand.offer == Offer::file) text += when + " -F\n";
  }
  return text;
}

}  // namespace

std::string fish_completion() {
  std::string value_options;
  for (const Option& option : options_with_value()) value_options += " " + std::string(option.name);
  std::string text = R"(# fish completion for belay, printed by `belay completion fish`
function __belay_words
    set -l tokens (commandline -opc)
    set -l config
    if set -l at (contains -i -- --config $tokens)
        and test $at -lt (count $tokens)
        set config --config $tokens[(math $at + 1)]
    end
    belay words $argv[1] $config 2>/dev/null
end
# The command that has been typed: its one or two words.
function __belay_at
    set -l skip no
    set -l words
    for token in (commandline -opc)[2..-1]
        if test $skip = yes
            set skip no
            continue
        end
        switch $token
            case)" + value_options +
                     R"(
                set skip yes
            case '-*'
            case '*'
                set -a words $token
        end
    end
    set -l command $words[1]
    if test (count $words) -ge 2
        switch "$words[1] $words[2]"
            case)";
  for (const Command* command : offered_commands()) {
    if (command->name.find(' ') != std::string_view::npos) text += " " + quoted(command->name);
  }
  text += R"(
                set command $words[1..2]
        end
    end
    test "$command" = "$argv"
end
complete -c belay -f
complete -c belay -n '__belay_at' -s h -l help -d 'what belay does'
complete -c belay -n '__belay_at' -l version -d 'the version'
)";
  for (const std::string& first : first_words()) {
    text += "complete -c belay -n '__belay_at' -a " + first + " -d " + quoted(about_first_word(first)) + "\n";
    for (const Command* command : commands_below(first)) {
      text += "complete -c belay -n '__belay_at " + first + "' -a " +
              std::string(command->name.substr(first.size() + 1)) + " -d " + quoted(command->summary) + "\n";
    }
  }
  for (const Command* command : offered_commands()) text += of_command(*command);
  return text;
}

}  // namespace belay::cli
